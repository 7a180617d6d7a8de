"""Every address of the project has a row in an access table, and each member of the cast gets what it
says."""

import pytest

from huying.site.rooms import rooms
from huying.testing.access import NOT_OURS, ask, client_of, tables, url_names, world_of
from huying.testing.cast import MEMBERS, make_cast, mini_place

ALL_ROOMS = [*rooms(), "huying.site", "huying.testing"]
TABLE = tables(ALL_ROOMS)


def test_every_address_has_a_row():
    missing = sorted(set(url_names()) - set(TABLE) - NOT_OURS)
    assert not missing, f"add rows to <room>/tests/access_table.py for: {', '.join(missing)}"


def test_no_row_is_left_over():
    assert not sorted(set(TABLE) - set(url_names()))


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_row_answers_for_everybody(name):
    assert set(TABLE[name][1].expect) == set(MEMBERS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_access(name):
    room, row = TABLE[name]
    cast = make_cast(mini_place())
    world = world_of(room, cast)
    got = {}
    for member in MEMBERS:
        got[member] = ask(client_of(cast, member), name, row, world).status_code
    assert got == dict(row.expect)
