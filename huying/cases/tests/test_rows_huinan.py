"""What the first place runs, walked through its own screens with real sign-ins: HN2, HN3, HN4, HN6, the base of
ZL15, and BX1 with another folder of files (docs/coverage.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huying.cases import figures
from huying.cases.models import Case, Leg, Precedent
from huying.cases.tests.loading import PRESETS
from huying.cases.tests.people import Staff
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.cases.tests.walking import move, offered, said, screens, send, signed_in, the_case
from huying.files.models import Attachment
from huying.files.tests.samples import phone_photo
from huying.places.current import forget_first
from huying.presets.tests.mini import HERE as MINI

LATER = "2099-01-05T17:00"
BILLBOARD = "桥头那片空地上的旧广告架子快倒了，城管说不归他们，住建也说不归他们"
DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip
PASS = {"solved": "solved", "public_reply": "摊位已清理，欢迎监督。"}


@pytest.fixture(autouse=True)
def _ready(settings: Any) -> Iterator[None]:
    with screens(settings):
        yield


def delegate(staff: Staff) -> Client:
    """A delegate of the people's congress for the whole county."""
    from huying.staff.models import Delegate

    person = staff.person("delegate", kind="resident")
    Delegate.objects.create(
        place=staff.place, person=person, kind="congress", division_id=staff.memory.top.id
    )
    return signed_in(staff, "delegate")


def village(staff: Staff, code: str = "220523001001") -> int:
    return int(staff.memory.by_code(code).id)


def reported(staff: Staff, client: Client, body: str = STALL, **more: Any) -> Case:
    """A report from the residents' page, at a point inside a grid."""
    lon, lat = a_point(staff)
    answer = send(client, "/report/", body=body, call="help", place=f"{lon},{lat}", **more)
    assert answer.status_code == 200
    return the_case(staff)


def who(staff: Staff) -> dict[str, str]:
    return {"reporter_name": "示例·王一", "reporter_phone": "13900000000"}


# — HN2: six steps —


def test_hn2_six_steps_from_a_photo_to_the_callers_word(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    photo = SimpleUploadedFile("摊位.jpg", phone_photo(), "image/jpeg")
    token = resident.post("/files/", {"file": photo}).json()["id"]
    case = reported(staff, resident, photos=token, **who(staff))
    # report, take and route: by the item alone, at once, with a limit, to the organ that the handbook names
    assert (case.step, case.item) == ("arrive", "E101")
    assert case.due_at is not None
    assert Attachment.objects.filter(case_id=case.id).count() == 1
    # three tiers see the same case: the street it lies in, the bureau, the county's centre
    town = staff.memory.ancestor(case.division_id, "town")
    street = signed_in(staff, "clerk", role="town_clerk", division=town.code)
    bureau = signed_in(staff, "officer", role="officer", organ="chengguan")
    centre = signed_in(staff, "desk", role="centre_desk", organ="centre")
    for client in (street, bureau, centre):
        assert case.title in said(client.get(f"/cases/{case.number}/"))
    assert case.number in said(bureau.get("/inbox/?scope=mine"))
    other = signed_in(staff, "elsewhere", role="officer", organ="water")
    assert other.get(f"/cases/{case.number}/").status_code == 404
    # handle, close in time, rate
    move(bureau, case, "sign_in")
    move(bureau, case, "done", **DONE)
    assert case.step == "verify"
    move(centre, case, "pass", **PASS)
    assert case.closed_at is not None
    assert case.closed_at < case.promised_at
    move(resident, case, "rated", satisfaction="satisfied", comment="很快")
    assert (case.step, case.satisfaction) == ("archive", 3)
    story = said(centre.get(f"/cases/{case.number}/"))
    for word in ("收到反映", "报到签收", "办结送核", "核验通过", "评价", "已劝离并安排巡查"):
        assert word in story
    # what stays inside stays inside
    assert "已劝离并安排巡查" not in said(resident.get(f"/track/{case.number}/"))


# — HN3: several whistle-blowers, each with their own rights —


def test_hn3_street_grid_worker_resident_and_delegate_each_whistle_in_their_own_right(staff: Staff) -> None:
    street = signed_in(staff, "clerk", role="town_clerk", division="220523001")
    resident = signed_in(staff, "resident", kind="resident")
    visitor = Client()
    # the street writes down what somebody at its counter says; a resident has no such page
    send(
        street,
        "/desk/call/",
        body="小区门口路灯不亮半个月了",
        call="help",
        division=village(staff),
        **who(staff),
    )
    of_street = the_case(staff)
    assert of_street.channel == "street"
    assert resident.get("/desk/call/").status_code == 403
    assert visitor.get("/desk/call/").status_code == 302
    # a grid worker has a page for the phone; what is admitted may be settled on the spot, nothing else
    worker = signed_in(staff, "worker", role="grid_worker", division="220523001001-g01")
    photo = SimpleUploadedFile("之后.jpg", phone_photo(), "image/jpeg")
    token = worker.post("/files/", {"file": photo}).json()["id"]
    grid = staff.memory.by_code("220523001001-g01").id
    spot = {"body": "楼道口小广告已清理", "grid": grid, "handled_now": "on", "after_photos": token}
    off_list = next(row.code for row in staff.memory.preset.leaves if not row.grid)
    assert worker.post("/grid/report/", {**spot, "item": off_list}).status_code == 422
    send(worker, "/grid/report/", item="E104", **spot)
    of_grid = the_case(staff)
    assert (of_grid.channel, of_grid.step, of_grid.grid_id) == ("grid", "verify", grid)
    assert worker.get("/desk/queue/").status_code == 403
    assert all(one.get("/grid/report/").status_code in (302, 403) for one in (street, resident, visitor))
    # a resident and a delegate whistle from their own page, and the channel says which of them it was
    of_resident = reported(staff, resident, **who(staff))
    of_delegate = reported(staff, delegate(staff), "代表走访时群众反映" + STALL, **who(staff))
    assert (of_resident.channel, of_delegate.channel) == ("web", "delegate")
    # the street sees what lies in it and sends nothing itself; the resident sees only what is theirs
    assert of_street.number in said(street.get("/inbox/?scope=area"))
    # a clear call goes out by itself; whoever did not get it, street included, has no move to handle it with
    assert not {"dispatch", "sign_in", "done"} & offered(street, f"/cases/{of_street.number}/")
    assert resident.get(f"/cases/{of_street.number}/").status_code == 403
    assert resident.get(f"/track/{of_street.number}/").status_code == 404
    assert {"urge", "supplement"} <= offered(resident, f"/track/{of_resident.number}/")
    assert resident.get(f"/track/{of_delegate.number}/").status_code == 404
    # at the centre all of them are in one list, each with where it came from
    centre = signed_in(staff, "desk", role="centre_desk", organ="centre")
    came = {"street": of_street, "grid": of_grid, "web": of_resident, "delegate": of_delegate}
    for channel, case in came.items():
        listed = said(centre.get(f"/inbox/?{urlencode({'scope': 'area', 'channel': channel})}"))
        assert case.number in listed
        assert not any(other.number in listed for other in came.values() if other is not case)


# — HN4: whose duty it is —


def test_hn4_organs_are_convened_the_centre_rules_and_later_cases_follow_the_ruling(staff: Staff) -> None:
    visitor = Client()
    send(visitor, "/report/", body=BILLBOARD, call="help", division=village(staff), anonymous="on")
    case = the_case(staff)
    assert case.step == "take"  # nobody's duty for sure: nothing is sent by itself
    centre = signed_in(staff, "desk", role="centre_desk", organ="centre")
    assert case.number in said(centre.get("/desk/queue/"))
    page = f"/desk/settle/{case.number}/"
    assert "convene" in offered(centre, page)
    send(
        centre, f"/desk/cases/{case.number}/move/", move="convene", seen=case.version, next=page,
        organs=["chengguan", "housing"], question="旧广告架归谁管", due=LATER,
    )  # fmt: skip
    views = {"chengguan": "架子在工地围挡内，不归我局", "housing": "属于在建工地，由我局处置"}
    for leg in Leg.objects.filter(case_id=case.id).order_by("id"):
        code = staff.memory.organ(leg.organ_id).code
        organ = signed_in(staff, f"officer-{code}", role="officer", organ=code)
        case.refresh_from_db()
        ours = "lead" if code == "housing" else "none"
        move(organ, case, "give_view", leg, ours=ours, opinion=views[code])
    case.refresh_from_db()
    assert case.step == "rule"
    beside = said(centre.get(page))
    assert all(text in beside for text in views.values())
    send(
        centre, f"/desk/cases/{case.number}/move/", move="ruled", seen=case.version, next=page, item="E101",
        organ="housing", ruling="按现场管理由住建承办",
    )  # fmt: skip
    case.refresh_from_db()
    housing = staff.memory.organ_by_code("housing")
    assert (case.step, case.owner_key) == ("arrive", f"organ:{housing.id}")
    assert case.number in said(centre.get("/desk/precedents/"))
    # a later call about the like, which the handbook would give to somebody else, follows the ruling and cites it
    figures.forget()
    assert staff.memory.preset.items["E101"].handler == "chengguan"
    typed = {"body": BILLBOARD + "，今天又晃", "call": "help", "division": village(staff), "item": "E101"}
    send(centre, "/desk/call/", **typed, **who(staff))
    later = the_case(staff)
    assert later.owner_key == f"organ:{housing.id}"
    assert case.number in said(centre.get(f"/cases/{later.number}/"))
    # an ended precedent is followed no longer
    kept = Precedent.objects.get(place_id=staff.place.pk)
    send(centre, f"/desk/precedents/{kept.id}/end/", reason="职责已经重新划定")
    figures.forget()
    send(centre, "/desk/call/", **typed, **who(staff))
    assert the_case(staff).owner_key == f"organ:{staff.memory.organ_by_code('chengguan').id}"


# — HN6: the handbook and its versions —


def _only_enforcement() -> dict[str, bytes]:
    """The preset as it was before livelihood items came into the handbook."""
    files = {
        str(path.relative_to(PRESETS / "huinan")): path.read_bytes()
        for path in (PRESETS / "huinan").rglob("*")
        if path.is_file()
    }
    rows = list(csv.DictReader(io.StringIO(files["catalogue.csv"].decode())))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if row["code"].startswith("E"))
    return {**files, "catalogue.csv": out.getvalue().encode()}


def test_hn6_the_handbook_grows_from_28_to_80_items_and_cases_keep_their_edition(db: Any) -> None:
    from huying.places.actions import load_preset
    from huying.presets.actions import publish
    from huying.presets.queries import compiled

    first = publish("220523", _only_enforcement())
    place, _ = load_preset("220523", first.files, edition_id=first.pk)
    forget_first()
    staff = Staff(place)
    centre = signed_in(staff, "desk", role="centre_desk", organ="centre")
    lamp = {"body": "小区门口路灯不亮半个月了", "call": "help", "division": village(staff)}
    send(centre, "/desk/call/", **lamp, **who(staff))
    old = the_case(staff)
    assert len(compiled(old.edition_id).leaves) == 28
    book = f"/desk/cases/{old.number}/item/?item="
    assert "路灯" not in said(centre.get(f"{book}L103"))
    second = publish("220523", PRESETS / "huinan")
    load_preset("220523", second.files, edition_id=second.pk)
    assert (first.number, second.number) == (1, 2)
    send(centre, "/desk/call/", item="L103", **lamp, **who(staff))
    new = the_case(staff)
    old.refresh_from_db()
    assert (old.edition_id, new.edition_id) == (first.pk, second.pk)
    assert len(compiled(new.edition_id).leaves) == 80
    # the handbook on the desk's card: organ, limits and evidence of the item, as this edition has them
    row = compiled(new.edition_id).items["L103"]
    shown = said(centre.get(f"/desk/cases/{new.number}/item/?item=L103"))
    assert row.name in shown
    assert staff.memory.organ_by_code(row.handler).name in shown
    assert all(one in shown for one in row.evidence)


# — ZL15, its base: ordered by residents, placed locally, dispatched by the county, done by a department —


def test_zl15_base_two_routes_into_one_list_then_dispatched_and_done(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    street = signed_in(staff, "clerk", role="town_clerk", division="220523001")
    centre = signed_in(staff, "desk", role="centre_desk", organ="centre")
    # online: the resident orders; offline: somebody comes to the street, which places it for them
    send(
        resident,
        "/report/",
        body="我家这边有个事想请你们看看",
        call="help",
        division=village(staff),
        **who(staff),
    )
    online = the_case(staff)
    send(
        street,
        "/desk/call/",
        body="老人来说门前那个事没人管",
        call="help",
        division=village(staff),
        **who(staff),
    )
    offline = the_case(staff)
    assert (online.channel, offline.channel) == ("web", "street")
    queue = said(centre.get("/desk/queue/"))
    for case in (online, offline):
        assert case.step == "take"
        assert case.number in queue
    # the county dispatches the placed order by the handbook, the department does it, the order comes back to be rated
    send(
        centre, f"/desk/cases/{offline.number}/move/", move="dispatch", seen=offline.version, item="L101",
        desk_note="请尽快到场",
    )  # fmt: skip
    offline.refresh_from_db()
    assert offline.owner_key == f"organ:{staff.memory.organ_by_code('chengguan').id}"
    bureau = signed_in(staff, "officer", role="officer", organ="chengguan")
    move(bureau, offline, "sign_in")
    move(bureau, offline, "done", **DONE)
    move(centre, offline, "pass", **PASS)
    assert (offline.step, offline.result) == ("rate", "solved")
    # the street that placed it reads the result
    assert PASS["public_reply"] in said(street.get(f"/cases/{offline.number}/"))


# — BX1: another folder of files is another place —


def test_bx1_another_folder_with_its_own_steps_is_walked_by_the_same_screens(db: Any) -> None:
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    edition = publish("mini", MINI)
    place, _ = load_preset("mini", edition.files, edition_id=edition.pk)
    forget_first()
    staff = Staff(place)
    resident = signed_in(staff, "resident", kind="resident")
    send(resident, "/report/", body="路口的井盖不见了，很危险", call="help", place="100.05,30.05")
    case = the_case(staff)
    flow = {step.id for step in staff.memory.preset.flow_of(case.kind).steps.values()}
    assert flow == {"report", "take", "work", "joint", "rate", "archive"}
    if case.step == "take":
        desk = signed_in(staff, "desk", role="desk_clerk", organ="centre")
        move(desk, case, "dispatch", item="A1")
    assert (case.step, case.item) == ("work", "A1")
    works = signed_in(staff, "officer", role="officer", organ="works")
    move(works, case, "done", solved="yes_all", reply="井盖已经装好")
    assert case.closed_at is not None
    move(resident, case, "rated", happy="yes")
    assert case.step == "archive"
