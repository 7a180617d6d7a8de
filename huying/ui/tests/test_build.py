"""What the front-end build makes and what the repository holds of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from huying.ui.build import DIST, built
from huying.ui.choices import LOOKS, TONES

ROOT = Path(__file__).resolve().parents[3]
needs_build = pytest.mark.skipif(not built(), reason="npm run build was not run")


def test_lock_pins_everything_and_holds_no_addresses():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in text
    packages = {k: v for k, v in json.loads(text)["packages"].items() if k}
    assert packages
    for name, package in packages.items():
        assert "resolved" not in package
        assert package["integrity"].startswith("sha512-"), name
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned"


@needs_build
def test_residents_load_at_most_25_kb_of_style():
    assert built()["files"]["resident.css"]["gzip"] <= 25 * 1024


@needs_build
def test_first_script_stays_small_and_heavy_parts_are_apart():
    files = built()["files"]
    first = re.findall(r'"\./(chunks/[\w-]+\.js)"', (DIST / "app.js").read_text(encoding="utf-8"))
    statically = [
        n
        for n in set(first)
        if not n.startswith(("chunks/charts", "chunks/map", "chunks/alpine", "chunks/wall"))
    ]
    assert sum(files[n]["gzip"] for n in ["app.js", *statically]) <= 40 * 1024


@needs_build
@pytest.mark.parametrize("name", ["resident.css", "desk.css"])
def test_colours_are_readable_by_old_browsers(name):
    css = (DIST / name).read_text(encoding="utf-8")
    assert not re.search(r"color-mix\(|light-dark\(|oklch\(from", css)


@needs_build
@pytest.mark.parametrize("name", ["resident.css", "desk.css", "map.css", "app.js"])
def test_nothing_is_fetched_from_elsewhere(name):
    text = (DIST / name).read_text(encoding="utf-8")
    outside = {
        u
        for u in re.findall(r"https?://[\w.-]+", text)
        if u not in {"http://www.w3.org", "https://www.w3.org"}
    }
    assert not {
        u for u in outside if re.search(rf"url\(['\"]?{re.escape(u)}|(src|href)=['\"]?{re.escape(u)}", text)
    }


@needs_build
def test_every_icon_of_a_state_is_in_the_sprite():
    sprite = (DIST / "icons.svg").read_text(encoding="utf-8")
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    assert {look.icon for look in LOOKS.values() if look.icon} | set(TONES.values()) <= there
