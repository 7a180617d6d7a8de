"""Who looks after a household: paired by its village, at most so many for one person, on record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huying.ledger.models import Event
from huying.rosters import actions
from huying.rosters.actions import RosterRefused
from huying.rosters.models import Pairing


def pair(rosters, home, name, actor=None):
    who = actor or rosters.village.secretary
    return actions.pair(rosters.place_id, rosters.roster, home.id, rosters.holding(name), who)


def test_the_village_pairs_and_the_one_before_has_it_no_longer(rosters):
    [home] = rosters.homes(1)
    secretary = rosters.village.browser("secretary")
    where = reverse("rosters:pair", args=[home.id, "pairing"])
    assert secretary.post(where, {"username": "other"}).status_code == 302
    assert Pairing.objects.get().person_id == rosters.village.people["other"].pk
    assert home.label not in rosters.village.browser("officer").get(reverse("rosters:mine")).content.decode()
    told = Event.objects.get(kind="roster.paired")
    assert told.data["person"] == str(rosters.village.people["other"].pk)
    assert secretary.post(where, {"username": ""}).status_code == 302
    assert not Pairing.objects.exists()
    assert Event.objects.filter(kind="roster.released").count() == 1


def test_nobody_gets_more_than_the_roster_allows(rosters):
    rosters.homes(10)
    [over] = rosters.homes(1, "", first=11)
    with pytest.raises(RosterRefused, match="full"):
        pair(rosters, over, "officer")
    answer = rosters.village.browser("secretary").post(
        reverse("rosters:pair", args=[over.id, "pairing"]), {"username": "officer"}
    )
    assert answer.status_code == 422
    assert "10" in answer.content.decode()
    assert pair(rosters, over, "other").person_id == rosters.village.people["other"].pk


def test_only_keepers_of_the_place_pair(rosters):
    [home] = rosters.homes(1)
    elsewhere = rosters.village.actor("far", role="village_secretary", division="220821001002")
    for actor in (rosters.village.clerk, elsewhere, rosters.village.actor("officer")):
        with pytest.raises(RosterRefused, match="not-keeper"):
            pair(rosters, home, "other", actor)
    for name in ("clerk", "officer"):
        answer = rosters.village.browser(name).post(
            reverse("rosters:pair", args=[home.id, "pairing"]), {"username": "other"}
        )
        assert answer.status_code == 404
    assert Pairing.objects.get().person_id == rosters.village.people["officer"].pk


def test_a_name_without_such_a_post_is_refused_in_words(rosters):
    [home] = rosters.homes(1)
    rosters.village.post("clerk")
    with pytest.raises(RosterRefused, match="no-post"):
        pair(rosters, home, "clerk")
    page = rosters.village.browser("secretary").post(
        reverse("rosters:pair", args=[home.id, "pairing"]), {"username": "clerk"}
    )
    assert page.status_code == 422
    assert 'value="clerk"' in page.content.decode()  # what was typed stays


def test_an_erased_household_keeps_its_place_and_loses_its_address(rosters):
    from huying import clock
    from huying.ledger.erasure import erase

    [home] = rosters.homes(1)
    rosters.village.post("desk")
    erase(
        rosters.place_id,
        ("household", home.id),
        "request",
        "pipl-47",
        rosters.village.people["desk"].pk,
        clock.now(),
    )
    home.refresh_from_db()
    assert (home.address, home.label, home.grid_id) == ("", "", rosters.grid.id)
