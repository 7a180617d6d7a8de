"""Reference data in memory: no SQL while nothing changes, changes seen, rollbacks not believed."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from huying.places import actions, memory
from huying.places.models import Organ, RefVersion
from huying.testing.cast import mini_place


@pytest.mark.django_db
def test_a_warm_memory_spends_no_statement():
    place = mini_place()
    first = memory.of(place.pk)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert memory.of(place.pk) is first
    assert len(seen) == 0


@pytest.mark.django_db
def test_a_cold_one_spends_six():
    place = mini_place()
    memory.forget()
    with CaptureQueriesContext(connection) as seen:
        memory.of(place.pk)
    assert len(seen) == 6


@pytest.mark.django_db
def test_a_change_by_another_worker_is_seen_at_the_next_look(monkeypatch):
    place = mini_place()
    memory.forget()
    memory.of(place.pk)
    # Another process: the row changes, this process is not told.
    Organ.objects.filter(place=place, code="water").update(name="水利局")
    RefVersion.objects.filter(place=place).update(number=1)
    assert memory.of(place.pk).organ_by_code("water").name == "试点县水务局"
    monkeypatch.setattr(memory, "LOOK_EVERY", 0.0)
    with CaptureQueriesContext(connection) as seen:
        assert memory.of(place.pk).organ_by_code("water").name == "水利局"
    assert len(seen) == 7
    with CaptureQueriesContext(connection) as seen:
        memory.of(place.pk)
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_seen():
    place = mini_place()
    memory.of(place.pk)
    with transaction.atomic():
        Organ.objects.filter(place=place, code="water").update(name="水利局")
        memory.bump(place.pk)
        assert memory.of(place.pk).organ_by_code("water").name == "水利局"
        transaction.set_rollback(True)
    assert memory.of(place.pk).organ_by_code("water").name == "试点县水务局"


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_seen_at_once_by_this_process():
    place = mini_place()
    memory.of(place.pk)
    table = b"code,name\nwater,\xe6\xb0\xb4\xe5\x88\xa9\xe5\xb1\x80\n"
    actions.import_organs(place.pk, table, "organs.csv", actor=actions.SYSTEM)
    assert memory.of(place.pk).organ_by_code("water").name == "水利局"
