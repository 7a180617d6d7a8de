"""Publishing: refused with every problem, numbered by place, the same content once, never changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huying.presets import queries
from huying.presets.actions import Refused, publish
from huying.presets.models import Edition
from huying.presets.tests.mini import HERE, broken, files

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forget():
    queries.forget()
    yield
    queries.forget()


def changed() -> dict[str, str | bytes]:
    return broken("place.yaml", "5 workdays", "15 workdays")


def test_a_sound_preset_is_published_as_it_is():
    made = publish("mini", HERE, AT, "first")
    assert (made.number, made.published_at, made.note) == (1, AT, "first")
    assert Edition.objects.get(pk=made.pk).files == files()


def test_a_preset_with_problems_is_refused_with_all_of_them():
    with pytest.raises(Refused) as caught:
        publish("mini", broken("kinds.yaml", "flow: simple", "flow: nowhere"), AT)
    assert [(one.file, one.code) for one in caught.value.problems] == [("kinds.yaml", "unknown-flow")]
    assert Edition.objects.count() == 0


def test_another_place_is_refused():
    with pytest.raises(Refused) as caught:
        publish("elsewhere", HERE, AT)
    assert [one.code for one in caught.value.problems] == ["other-place"]


def test_the_same_content_is_the_same_edition():
    first = publish("mini", HERE, AT)
    again = publish("mini", files(), AT)
    assert again.pk == first.pk
    assert Edition.objects.count() == 1


def test_numbers_count_in_each_place():
    assert publish("mini", HERE, AT).number == 1
    assert publish("mini", changed(), AT).number == 2
    other = broken("place.yaml", "code: mini", "code: other")
    assert publish("other", other, AT).number == 1


def test_an_old_edition_stays_what_it_was():
    first = publish("mini", HERE, AT)
    second = publish("mini", changed(), AT)
    assert queries.edition(first.pk).place.reopen_window == "5 workdays"
    assert queries.edition(second.pk).place.reopen_window == "15 workdays"
    assert queries.current("mini").pk == second.pk
    assert [one.number for one in queries.editions("mini")] == [2, 1]
    assert queries.current("nowhere") is None


def test_a_stored_edition_cannot_be_saved_again():
    made = publish("mini", HERE, AT)
    made.note = "changed my mind"
    with pytest.raises(ValueError, match="never changes"):
        made.save()


def test_a_compiled_edition_is_read_once(django_assert_num_queries):
    made = publish("mini", HERE, AT)
    with django_assert_num_queries(1):
        first = queries.edition(made.pk)
    with django_assert_num_queries(0):
        assert queries.edition(made.pk) is first
        assert queries.compiled(made.pk) is first


def test_an_altered_edition_is_found_out():
    made = publish("mini", HERE, AT)
    Edition.objects.filter(pk=made.pk).update(files=changed())
    with pytest.raises(queries.BrokenEdition):
        queries.edition(made.pk)


def test_an_edition_that_is_not_there():
    with pytest.raises(Edition.DoesNotExist):
        queries.edition(987654)
