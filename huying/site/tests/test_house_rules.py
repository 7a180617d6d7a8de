"""Rules that hold over the whole house and are easily broken by accident."""

import csv
import re
import subprocess
import sys

import pytest

from huying.site.rooms import PACKAGE

ROOT = PACKAGE.parent
PRESETS = sorted(path.parent for path in (ROOT / "presets").glob("*/place.yaml"))


def sources():
    """Everything that must serve any place: Python, templates, JavaScript, styles, migrations; no tests,
    nothing built.
    """
    for ending in ("py", "html", "js", "mjs", "scss", "txt", "svg"):
        for path in PACKAGE.rglob(f"*.{ending}"):
            parts = path.relative_to(PACKAGE).parts
            if not {"tests", "testing", "dist", "node_modules", "__pycache__"} & set(parts):
                yield path


def names_and_codes():
    """What only a preset may say: the names of divisions (of three characters and more) and official
    codes.
    """
    names, codes = set(), set()
    for preset in PRESETS:
        codes.add(preset.name)
        with (preset / "divisions.csv").open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                name, code = (row.get("name") or "").strip(), (row.get("code") or "").strip()
                if len(name) >= 3:
                    names.add(name)
                if len(name) >= 3 and name[-1] in "省市县区旗":
                    names.add(name[:-1])
                if re.fullmatch(r"\d{6}|\d{9}|\d{12}", code):
                    codes.add(code)
    return names, codes


def test_no_place_is_named_outside_its_preset():
    assert PRESETS
    names, codes = names_and_codes()
    assert len(names) > 5
    assert len(codes) > 5
    known = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
    number = re.compile(r"(?<!\d)(?:\d{12}|\d{9}|\d{6})(?!\d)")
    word = re.compile(r"\b(?:" + "|".join(p.name for p in PRESETS) + r")\b")
    found = []
    for path in sources():
        for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            hits = [m.group() for m in known.finditer(text)] + [m.group() for m in word.finditer(text)]
            hits += [m.group() for m in number.finditer(text) if m.group() in codes]
            found += [f"{path.relative_to(ROOT)}:{line}: {hit}" for hit in hits]
    assert not found, "\n".join(found)


def test_the_web_does_not_load_scikit_learn():
    script = (
        "import django; django.setup()\n"
        "import sys; from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import huying.site.wsgi\n"
        "print([name for name in ('sklearn', 'scipy', 'typer', 'hypothesis') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "huying.site.settings_test",
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_locks_have_hashes_and_no_addresses():
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock
        for package in re.findall(r"^[a-z0-9].*", text, re.MULTILINE | re.IGNORECASE):
            assert "==" in package, (lock, package)
        assert text.count("--hash=") >= len(re.findall(r"==", text)) - text.count("python_"), lock
    assert not (ROOT / "uv.lock").exists()
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("script", sorted((ROOT / "script").iterdir()), ids=lambda path: path.name)
def test_scripts_are_sound_bash(script):
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    if script.name != "lib.sh":
        assert script.stat().st_mode & 0o111
        assert script.read_text().startswith("#!/usr/bin/env bash\n")


def test_no_file_grows_beyond_reading():
    """Files are split by meaning before they are long. Migrations are written by Django."""
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in (PACKAGE, ROOT / "bench")
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
