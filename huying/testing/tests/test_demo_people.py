"""Who can be played in a demonstration, and what the terminal says of them."""

from __future__ import annotations

from typing import Any

from huying.presets.tests.mini import files
from huying.site.announcing import announcement
from huying.site.demo_people import people
from huying.staff.models import Person
from huying.testing.kept import Kept


def settled(tmp_path: Any, **more: str) -> list[dict[str, Any]]:
    """The people of a small preset; *more* are lines added to its demo.yaml."""
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    held = files()
    held["roles.yaml"] = held["roles.yaml"].rstrip() + "\n  delegate: {name: 代表, rights: [report]}\n"
    held["demo.yaml"] += "".join(f"  - {{{line}}}\n" for line in more.values())
    for name, text in held.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    edition = publish(None, tmp_path)
    load_preset(edition.place_code, edition.files, edition_id=edition.pk)
    words = (f"plain-words-{number}-for-tests" for number in range(100))
    return people(tmp_path, Kept(), lambda: next(words))


def test_the_printed_have_passwords_of_their_own_and_the_others_share_one(db: Any, tmp_path: Any) -> None:
    users = settled(tmp_path)
    own = [user for user in users if user["cast"]]
    others = [user for user in users if not user["cast"]]
    assert own
    assert len(others) > 1
    assert len({user["password"] for user in others}) == 1
    assert not {user["password"] for user in own} & {user["password"] for user in others}
    for user in users:
        assert Person.objects.get(username=user["username"]).check_password(user["password"])
    said = announcement("http://127.0.0.1:1", {"users": users}, True)
    assert all(user["password"] in said for user in users)
    assert f"and {len(others)} more, such as {others[0]['username']}" in said


def test_a_delegate_serves_nowhere_and_has_a_residents_pages(db: Any, tmp_path: Any) -> None:
    posts = "[{role: delegate, division: c1, body: congress}]"
    users = settled(tmp_path, one=f"id: voice, name: 示例·己, phone: '100-0000-0009', posts: {posts}")
    person = Person.objects.get(username="voice")
    assert person.kind == Person.Kind.RESIDENT
    assert [one.kind for one in person.delegations.all()] == ["congress"]
    assert {Person.objects.get(username=u["username"]).kind for u in users if u["role"] == "officer"} == {
        "staff"
    }


def test_several_places_are_told_apart() -> None:
    users = [
        {"username": "a", "password": "x", "name": "甲", "role": "officer", "role_name": "经办人", "cast": "officer", "place": p}
        for p in ("one", "two")
    ]  # fmt: skip
    said = announcement("http://h", {"users": users, "places": {"one": "甲县", "two": "乙县"}}, True)
    assert said.index("甲县") < said.index("a  x") < said.index("乙县")
    assert "甲 经办人 (officer)" in said
