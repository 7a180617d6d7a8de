"""Pages about the place: hours, holidays, imports, maps; and the import of people."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huying.places.calendars import calendar_of
from huying.places.models import Division, Organ
from huying.places.tables import ImportRefused
from huying.staff.events import Actor
from huying.staff.import_people import import_people
from huying.staff.models import Holding, Person
from huying.testing.access import sign_in
from huying.testing.cast import make_cast, mini_place
from huying.testing.statements import assert_statements

pytestmark = pytest.mark.django_db
HEAD = "username,name,role,division,organ,slot,phone\n"


@pytest.fixture
def cast():
    return make_cast(mini_place())


@pytest.fixture
def admin(cast):
    client = Client()
    sign_in(client, cast.admin)
    return client


def upload(client, what, text, name="table.csv", **more):
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    return client.post("/admin/import/", {"what": what, "file": file, **more})


class TestImportPeople:
    """One line a post; exact errors; all or nothing."""

    GOOD = (
        HEAD
        + "zhao,赵一,officer,,water,A,13800001234\nzhao,赵一,head,,water,B,\nmini-clerk,clerk,head,,water,,\n"
    )

    def test_people_and_posts(self, cast):
        done = import_people(cast.place.pk, self.GOOD.encode(), "p.csv", actor=Actor())
        zhao = Person.objects.get(username="zhao")
        assert zhao.check_password(done.passwords["zhao"])
        assert list(done.passwords) == ["zhao"]
        assert sorted(Holding.objects.filter(person=zhao).values_list("post__role", "slot")) == [
            ("head", "B"),
            ("officer", "A"),
        ]
        again = import_people(cast.place.pk, self.GOOD.encode(), "p.csv", actor=Actor())
        assert again.outcome.changes == []

    def test_as_a_chinese_spreadsheet_saves_it(self, cast):
        import_people(cast.place.pk, self.GOOD.encode("gb18030"), "p.csv", actor=Actor())
        assert Person.objects.get(username="zhao").name == "赵一"

    def test_a_trial_run(self, cast):
        done = import_people(cast.place.pk, self.GOOD.encode(), "p.csv", actor=Actor(), dry_run=True)
        assert done.outcome.count("add") == 4
        assert done.passwords == {}
        assert not Person.objects.filter(username="zhao").exists()

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            ("qian,钱二,king,,water,,", "role"),
            ("qian,钱二,officer,,nowhere,,", "organ"),
            ("qian,钱二,town_clerk,990000009,,,", "division"),
            ("qian,钱二,town_clerk,990000001001,,,", "division"),
            ("qian,钱二,officer,,,,", "division"),
            ("qian,钱二,officer,,water,C,", "slot"),
            ("qian,钱二,officer,,water,,12", "phone"),
            ("qian,,officer,,water,,", "name"),
            ("mini-clerk,不是她,officer,,water,,", "username"),
            ("mini-elsewhere-outsider,outsider,officer,,water,,", "username"),
        ],
    )
    def test_defects(self, cast, line, column):
        table = self.GOOD + line + "\n"
        before = Person.objects.count(), Holding.objects.count()
        with pytest.raises(ImportRefused) as refused:
            import_people(cast.place.pk, table.encode(), "p.csv", actor=Actor())
        assert [(p.line, p.column) for p in refused.value.problems] == [(5, column)]
        assert (Person.objects.count(), Holding.objects.count()) == before

    def test_the_page(self, cast, admin):
        tried = upload(admin, "people", self.GOOD)
        assert tried.context["tried"]
        assert not Person.objects.filter(username="zhao").exists()
        done = upload(admin, "people", self.GOOD, really="1")
        assert done.context["passwords"]["zhao"]
        refused = upload(admin, "people", HEAD + "x,y,king,,,,\n", really="1")
        assert refused.status_code == 422
        assert refused.context["problems"][0].line == 2


def test_importing_organs_and_grids(cast, admin):
    upload(admin, "organs", "code,name\nparks,园林处\n", really="1")
    assert Organ.objects.get(code="parks").place_id == cast.place.pk
    grids = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"g9","name":"新网格",'
        '"parent":"990000100201"},"geometry":{"type":"Polygon","coordinates":[[[120.06,40],[120.07,40],'
        "[120.07,40.01],[120.06,40]]]}}]}"
    )
    upload(admin, "grids", grids, name="g.geojson", really="1", surveyed="on")
    made = Division.objects.get(name="新网格")
    assert (made.layer, made.schematic) == ("general", False)
    assert cast.memory.locate(120.068, 40.002).grid.id == made.pk


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", b"", b"[]", b"a,b\n1\n", b'code,name\n"x,1\n']
)
@pytest.mark.parametrize("what", ["people", "organs", "divisions", "grids"])
@pytest.mark.parametrize("name", ["x.csv", "x.geojson"])
def test_what_is_no_table_is_refused(cast, admin, content, what, name):
    answer = upload(admin, what, content, name=name, really="1")
    assert answer.status_code == 422


def test_office_hours(cast, admin):
    week = dict.fromkeys(("mon", "tue", "wed"), "08:00-12:00 14:00-18:00")
    assert admin.post("/admin/hours/", week).status_code == 302
    calendar = calendar_of(cast.place.pk)
    assert calendar.is_workday(date(2026, 3, 4))
    assert not calendar.is_workday(date(2026, 3, 5))
    assert admin.post("/admin/hours/", {"mon": "morning"}).status_code == 422
    assert admin.post("/admin/hours/", {}).status_code == 422
    admin.post("/admin/hours/", {"default": "1"})
    assert calendar_of(cast.place.pk).is_workday(date(2026, 3, 5))


def test_a_year_without_holidays_is_told(cast, admin, clock):
    from datetime import UTC, datetime

    assert admin.get("/admin/hours/").context["missing"] == []
    clock.set(datetime(2027, 1, 4, 1, tzinfo=UTC))
    page = admin.get("/admin/hours/")
    assert page.context["missing"] == [2027]
    assert "2027" in page.content.decode()
    admin.post("/admin/hours/holiday/", {"date": "2027-01-01", "working": "no", "name": "元旦"})
    assert admin.get("/admin/hours/").context["missing"] == []
    admin.post("/admin/hours/holiday/", {"date": "2027-01-01", "working": "no", "remove": "1"})
    assert admin.get("/admin/hours/").context["missing"] == [2027]


class TestMaps:
    """GeoJSON that browsers may keep, and what lies at a point."""

    def test_a_layer(self, cast):
        client = Client()
        found = client.get("/geo/general.geojson")
        features = found.json()["features"]
        assert [f["properties"]["code"] for f in features][:2] == ["990000001001-g01", "990000001001-g02"]
        assert features[0]["properties"]["schematic"] is True
        same = client.get("/geo/general.geojson", headers={"If-None-Match": found["ETag"]})
        assert same.status_code == 304

    def test_a_change_makes_a_new_one(self, cast, admin):
        before = Client().get("/geo/general.geojson")["ETag"]
        upload(
            admin,
            "grids",
            "code,name,layer,parent\n990000100201-g01,西村大网格,general,990000100201\n",
            really="1",
        )
        after = Client().get("/geo/general.geojson", headers={"If-None-Match": before})
        assert after.status_code == 200
        assert "西村大网格" in after.content.decode()

    def test_no_such_layer(self, cast):
        assert Client().get("/geo/moon.geojson").status_code == 404

    def test_no_statement_for_a_visitor(self, cast):
        client = Client()
        client.get("/geo/general.geojson")
        with assert_statements(0):
            client.get("/geo/general.geojson")
            client.get("/geo/at/?lon=120.005&lat=40.004")

    def test_what_lies_at_a_point(self, cast):
        found = Client().get("/geo/at/?lon=120.005&lat=40.004").json()
        assert found["label"] == "试点县东街道东一社区东一社区第一网格"
        assert not found["outside"]
        assert Client().get("/geo/at/?lon=1&lat=2").json()["outside"]

    @pytest.mark.parametrize(
        "query", ["", "lon=x&lat=y", "lon=nan&lat=1", "lon=200&lat=1", "lon=1&lat=1&system=x"]
    )
    def test_what_is_no_point(self, cast, query):
        assert Client().get(f"/geo/at/?{query}").status_code == 400
