"""Catalogues are complete and fresh, and are made without gettext's own tools."""

from __future__ import annotations

import gettext as standard
from pathlib import Path

import pytest

from huying.ui import messages

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("room", [r.name for r in messages.rooms(ROOT)])
def test_every_word_of_the_interface_is_in_chinese(room):
    faults = messages.faults_of(ROOT / "huying" / room)
    assert not faults, "run: python -m huying.ui.messages extract\n" + "\n".join(map(str, faults))


@pytest.fixture
def house(tmp_path):
    room = tmp_path / "huying" / "hall"
    (room / "templates" / "hall").mkdir(parents=True)
    (room / "tests").mkdir()
    (room / "__init__.py").write_text("")
    (room / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        "a = _('Hello')\nb = ngettext('%(n)s case', '%(n)s cases', 2)\nc = pgettext('month', 'May')\n"
    )
    (room / "tests" / "test_x.py").write_text("from gettext import gettext as _\n_('not for people')\n")
    (room / "templates" / "hall" / "a.html").write_text(
        "{% load i18n %}{% translate 'Door' %}{% blocktranslate with n=name %}To {{ n }}{% endblocktranslate %}"
        "{{ x|default:_('Nobody') }}{# {% translate 'commented out' %} #}"
    )
    return tmp_path


def fill(path: Path, **words: str) -> None:
    catalogue = messages.read_catalogue(path)
    for message in catalogue:
        if message.id and messages._texts(message.id)[0] in words:
            message.string = words[messages._texts(message.id)[0]]
    with path.open("wb") as file:
        messages.write_po(file, catalogue)


def test_words_are_found_in_python_and_templates_but_not_in_tests(house):
    (path,) = messages.extract_all(house)
    found = {messages._texts(m.id)[0] for m in messages.read_catalogue(path) if m.id}
    assert found == {"Hello", "%(n)s case", "May", "Door", "To %(n)s", "Nobody"}


def test_updating_keeps_translations_and_reports_what_is_open(house):
    (path,) = messages.extract_all(house)
    fill(path, Hello="你好")
    (house / "huying" / "hall" / "views.py").write_text(
        "from django.utils.translation import gettext as _\na = _('Hello')\nb = _('New word')\n"
    )
    kinds = {(f.kind, f.text) for f in messages.untranslated(house)}
    assert ("missing", "New word") in kinds
    assert ("obsolete", "May") in kinds
    messages.extract_all(house)
    catalogue = messages.read_catalogue(path)
    assert catalogue.get("Hello").string == "你好"
    assert catalogue.get("May") is None
    assert ("untranslated", "New word") in {(f.kind, f.text) for f in messages.untranslated(house)}


def test_updating_twice_changes_nothing(house):
    (path,) = messages.extract_all(house)
    before = path.read_bytes()
    messages.extract_all(house)
    assert path.read_bytes() == before


def test_a_mark_that_the_source_does_not_have_is_broken(house):
    (path,) = messages.extract_all(house)
    fill(path, **{"To %(n)s": "给 %(m)s"})
    assert "broken" in {f.kind for f in messages.untranslated(house) if f.text == "To %(n)s"}


def test_compiled_catalogue_is_read_by_the_standard_library(house):
    (path,) = messages.extract_all(house)
    fill(path, Door="门")
    (made,) = messages.compile_all(house)
    with made.open("rb") as file:
        assert standard.GNUTranslations(file).gettext("Door") == "门"
    assert messages.compile_all(house) == []  # fresh already
