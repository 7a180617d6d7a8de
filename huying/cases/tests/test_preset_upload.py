"""A preset through the browser: taken away, changed, sent back, shown, published; and what is not taken."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huying.cases.tests.desk_browser import browser
from huying.cases.tests.test_admin_ledger import admin
from huying.presets.archive import MAX_ARCHIVE, read_archive, write_archive
from huying.presets.files import MAX_FILE
from huying.presets.models import Edition

PAGE = "/admin/presets/upload/"


def packed(files: dict[str, bytes | str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()


def send(client: Any, data: bytes) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile("preset.zip", data)})


def taken(client: Any) -> dict[str, str]:
    """The files of the edition in force, as they come out of the download."""
    answer = client.get("/admin/presets/1.zip")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def changed(files: dict[str, str]) -> dict[str, str]:
    return {**files, "place.yaml": files["place.yaml"].replace("window: 10 workdays", "window: 12 workdays")}


def test_what_was_taken_away_comes_back_unchanged(staff: Any) -> None:
    client = admin(staff)
    files = taken(client)
    assert files == dict(staff.memory.preset.files)
    answer = send(client, packed({f"huinan/{name}": text for name, text in files.items()}))
    assert answer.status_code == 200
    assert answer.context["unchanged"]


def test_a_change_is_shown_first_and_published_when_it_comes_back(staff: Any) -> None:
    client = admin(staff)
    shown = send(client, packed(changed(taken(client))))
    assert (shown.status_code, shown.context["effects"]) == (200, {})
    assert shown.context["changes"]
    assert Edition.objects.count() == 1
    sent = {
        "publish": "1",
        "note": "重办期放宽",
        "base": str(staff.memory.edition_id),
        **dict(shown.context["cells"]),
    }
    assert client.post(PAGE, sent).status_code == 303
    newest = Edition.objects.get(number=2)
    assert (newest.note, staff.memory.edition_id) == ("重办期放宽", newest.pk)
    # the same form again, from a tab that was left open
    again = client.post(PAGE, sent)
    assert again.status_code == 409
    assert Edition.objects.count() == 2


def test_every_defect_is_told_with_file_and_line(staff: Any) -> None:
    client = admin(staff)
    files = taken(client)
    broken = {**files, "roles.yaml": files["roles.yaml"].replace("rights: [report]", "rights: [fly]", 1)}
    answer = send(client, packed(broken))
    assert answer.status_code == 422
    assert any("roles.yaml" in one and "fly" in one for one in answer.context["problems"])
    other = {**files, "place.yaml": files["place.yaml"].replace('code: "220523"', 'code: "220524"')}
    assert send(client, packed(other)).status_code == 422
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK\x03\x04 not an archive", b"x" * (MAX_ARCHIVE + 1), packed({"../../etc/passwd": "x"}),
        packed({"place.yaml": b"\0" * (MAX_FILE + 1)}), packed({f"flows/{n}.yaml": "" for n in range(300)}),
    ],
    ids=["empty", "broken", "too big", "out of the folder", "a bomb", "too many files"],
)  # fmt: skip
def test_a_hostile_archive_is_refused(staff: Any, data: bytes) -> None:
    answer = send(admin(staff), data)
    assert answer.status_code == 422
    assert Edition.objects.count() == 1


def test_the_same_files_give_the_same_archive() -> None:
    files = {"b.yaml": "2", "a.yaml": "1"}
    assert write_archive(files) == write_archive(dict(reversed(files.items())))
    assert read_archive(write_archive(files)) == ({"a.yaml": b"1", "b.yaml": b"2"}, [])


def test_whoever_may_only_change_items_is_not_shown_the_way(staff: Any) -> None:
    head = browser(staff, "head", role="centre_head", organ="centre")
    assert PAGE not in head.get("/admin/presets/").content.decode()
    assert PAGE in admin(staff).get("/admin/presets/").content.decode()
