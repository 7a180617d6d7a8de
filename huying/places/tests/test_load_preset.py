"""Loading a preset: idempotent, differences applied, ended rows kept, all or nothing."""

import shutil

import pytest

from huying.places import actions, memory
from huying.places.models import Division, DivisionCode, Holiday, Organ, Place
from huying.places.tables import ImportRefused
from huying.testing.cast import MINI_PRESET, mini_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(MINI_PRESET, tmp_path / "preset")
    return tmp_path / "preset"


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_new_place():
    place = mini_place()
    known = memory.of(place.pk)
    assert place.name == "试点县"
    assert known.top.name == "试点县"
    assert [row.name for row in known.children(known.top.id)] == ["东街道", "西镇"]
    assert known.layers == ("enterprise", "general")
    assert known.centre.short == "治理中心"
    assert known.organ_by_code("hotline").parent_id == known.centre.id
    village = known.by_code("990000001001")
    assert village.path == f"/{known.top.id}/{known.by_code('990000001').id}/{village.id}/"
    assert known.ancestor(village.id, "town").name == "东街道"
    assert known.full_name(village.id) == "试点县东街道东一社区"
    assert DivisionCode.objects.get(code="990000001001").scheme == "stat12"


def test_loading_again_changes_nothing():
    mini_place()
    before = list(Division.objects.values_list("id", "path"))
    _place, outcome = actions.load_preset("mini", MINI_PRESET)
    assert outcome.changes == []
    assert list(Division.objects.values_list("id", "path")) == before


def test_a_division_that_is_gone_is_ended_not_deleted(folder):
    place = mini_place()
    known = memory.of(place.pk)
    gone = known.by_code("990000001001-g02").id
    lines = [line for line in (folder / "grids.csv").read_text().splitlines() if "1001-g02" not in line]
    (folder / "grids.csv").write_text("\n".join(lines))
    edit(folder, "organs.csv", "water,试点县水务局,水务局,county,990000,,no,供水;排水\n", "")
    _place, outcome = actions.load_preset("mini", folder)
    assert [(change.what, change.code) for change in outcome.changes] == [
        ("end", "990000001001-g02"),
        ("end", "water"),
    ]
    assert Division.objects.get(pk=gone).active_to is not None
    assert not Organ.objects.get(code="water").active
    known = memory.of(place.pk)
    assert known.by_code("990000001001-g02") is None
    assert known.division(gone).active is False
    assert known.locate(120.015, 40.005).grid is None


def test_an_organ_that_comes_back_keeps_its_id(folder):
    place = mini_place()
    before = memory.of(place.pk).organ_by_code("water").id
    edit(folder, "organs.csv", "water,试点县水务局,水务局,county,990000,,no,供水;排水\n", "")
    actions.load_preset("mini", folder)
    actions.load_preset("mini", MINI_PRESET)
    after = memory.of(place.pk).organ_by_code("water")
    assert (after.id, after.active) == (before, True)


def test_a_new_name_keeps_id_and_path(folder):
    place = mini_place()
    before = memory.of(place.pk).by_code("990000001001")
    edit(folder, "divisions.csv", "东一社区", "光明社区")
    _place, outcome = actions.load_preset("mini", folder)
    after = memory.of(place.pk).by_code("990000001001")
    assert (after.id, after.path, after.name) == (before.id, before.path, "光明社区")
    assert [(change.what, change.fields) for change in outcome.changes] == [("change", ("name",))]


def test_a_division_that_moves_gets_a_new_id_and_so_does_what_lies_below(folder):
    place = mini_place()
    before = memory.of(place.pk)
    edit(
        folder,
        "divisions.csv",
        "990000001002,东二社区,village,990000001,",
        "990000001002,东二社区,village,990000100,",
    )
    _place, outcome = actions.load_preset("mini", folder)
    after = memory.of(place.pk)
    village = after.by_code("990000001002")
    assert after.ancestor(village.id, "town").name == "西镇"
    for code in ("990000001002", "990000001002-g01", "990000001002-g02"):
        assert outcome.replaced[before.by_code(code).id] == after.by_code(code).id
        assert after.division(before.by_code(code).id).path == before.by_code(code).path


def test_an_official_code_changes_and_the_id_stays(folder):
    place = mini_place()
    before = memory.of(place.pk).by_code("990000001002").id
    path = folder / "divisions.csv"
    text = path.read_text().replace(
        "990000001002,东二社区,village,990000001,111",
        "990000001009,东二社区,village,990000001,111,990000001002",
    )
    lines = text.splitlines()
    path.write_text(
        "\n".join([lines[0] + ",was", *(row if row.count(",") == 5 else row + "," for row in lines[1:])])
    )
    edit(folder, "grids.csv", "general,990000001002,", "general,990000001009,")
    actions.load_preset("mini", folder)
    after = memory.of(place.pk)
    assert after.by_code("990000001009").id == before
    assert after.by_code("990000001002") is None
    assert DivisionCode.objects.get(code="990000001002").valid_to is not None


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column"),
    [
        ("divisions.csv", "西村,village,990000100", "西村,village,990000777", 7, "parent"),
        ("divisions.csv", "西村,village", "西村,hamlet", 7, "tier"),
        ("divisions.csv", "990000100201,", "990000001001,", 7, "code"),
        ("divisions.csv", "西村,", ",", 7, "name"),
        ("divisions.csv", "990000100,220", "990000100,城", 7, "urban_rural"),
        ("divisions.csv", "990000100,220", "990000100,220,x", 7, ""),
        ("divisions.csv", "东一社区,village,990000001", "东一社区,village,990000100201", 5, "parent"),
        ("divisions.csv", "东街道,town,990000", "东街道,town,", 3, "parent"),
        ("divisions.csv", "urban_rural", "urban", 1, "urban"),
        ("grids.csv", ";120.06 40.03;120.04 40.03", "", 6, "outline"),
        ("grids.csv", "120.04 40.00;120.06 40.00;120.06 40.03;120.04 40.03", "0 0;1 1;1 0;0 1", 6, "outline"),
        ("grids.csv", "120.04 40.00", "120.04,40.00", 6, ""),
        ("grids.csv", "120.04 40.00", "east north", 6, "outline"),
        ("grids.csv", "120.04 40.00", "40.00 120.04", 6, "outline"),
        ("organs.csv", "水务局,county,990000", "水务局,county,990009", 4, "division"),
        ("organs.csv", "centre,no,电话", "nobody,no,电话", 6, "parent"),
        ("organs.csv", "yes", "maybe", 3, "seat"),
        ("place.yaml", "code: mini", "code: mini\ncode: mini", 3, ""),
    ],
)  # fmt: skip
def test_a_defect_is_named_by_line_and_column_and_nothing_is_done(folder, name, old, new, line, column):
    mini_place("other")
    count = Division.objects.count(), Organ.objects.count(), Place.objects.count()
    edit(folder, name, old, new)
    with pytest.raises(ImportRefused) as refused:
        actions.load_preset("fresh", folder)
    problem = refused.value.problems[0]
    assert (problem.line, problem.column) == (line, column), str(problem)
    assert problem.what
    assert problem.mend
    assert (Division.objects.count(), Organ.objects.count(), Place.objects.count()) == count


def test_parents_in_a_circle(folder):
    edit(folder, "divisions.csv", "990000,试点县,county,,", "990000,试点县,county,990000001,")
    with pytest.raises(ImportRefused, match="990000 → 990000001 → 990000"):
        actions.load_preset("fresh", folder)


def test_a_trial_run_leaves_nothing():
    place, outcome = actions.load_preset("mini", MINI_PRESET, dry_run=True)
    assert place is None
    assert outcome.count("add") == 17
    assert not Place.objects.exists()
    assert not Holiday.objects.exists()
