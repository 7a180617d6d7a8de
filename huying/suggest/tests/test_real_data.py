"""Figures on the shared real data (never shipped): seven fields, and items of 320 messages that we labelled.

Skipped without the data. ``HUYING_SHARED_DATA`` names its folder; else a ``shared/data`` folder beside the checkout.
"""

import csv
import os
from pathlib import Path

import pytest

from huying.suggest import Correction, Suggester
from huying.suggest.catalogue import read_catalogue
from huying.suggest.commands import evaluate, train
from huying.suggest.training import folds_of

HERE = Path(__file__).parent
REPO = HERE.parents[2]
DATA = Path(os.environ.get("HUYING_SHARED_DATA") or REPO.parent / "shared" / "data") / "messages"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"real data not found at {DATA}; set HUYING_SHARED_DATA"),
]


@pytest.fixture(scope="module")
def labelled():
    with open(DATA / "messages.csv", encoding="utf-8-sig", newline="") as stream:
        messages = {row["id"]: row for row in csv.DictReader(stream)}
    with open(HERE / "labels_messages.csv", encoding="utf-8", newline="") as stream:
        labels = [(row["id"], "" if row["item"] == "none" else row["item"]) for row in csv.DictReader(stream)]
    return [Correction(messages[key]["title"], messages[key]["text"], item) for key, item in labels]


def shares(judged):
    """Of (suggestion, correction) whose item is not none: item in the first one, item and organ in the first three."""
    organ = {item.code: item.organ for item in read_catalogue(REPO / "presets/huinan/catalogue.csv")}
    known = [(made, row.item) for made, row in judged if row.item]
    first = sum(made.items[:1] != () and made.items[0].code == item for made, item in known)
    three = sum(item in [scored.code for scored in made.items] for made, item in known)
    organs = sum(organ[item] in [scored.code for scored in made.organs] for made, item in known)
    return first / len(known), three / len(known), organs / len(known)


def test_labels_are_of_existing_messages_and_items(labelled):
    codes = {item.code for item in read_catalogue(REPO / "presets/huinan/catalogue.csv")}
    assert len(labelled) >= 300
    assert {row.item for row in labelled} <= codes | {""}


def test_items_of_real_messages_untrained(labelled):
    suggester = Suggester(read_catalogue(REPO / "presets/huinan/catalogue.csv"))
    first, three, organs = shares([(suggester.suggest(row.title, row.text), row) for row in labelled])
    assert first >= 0.62
    assert three >= 0.82
    assert organs >= 0.88


def test_a_confident_suggestion_is_mostly_right(labelled):
    suggester = Suggester(read_catalogue(REPO / "presets/huinan/catalogue.csv"))
    made = [(suggester.suggest(row.title, row.text), row.item) for row in labelled]
    sure = [made.items[0].code == item for made, item in made if made.confidence >= 0.8]
    assert len(sure) >= 20
    assert sum(sure) / len(sure) >= 0.8


def test_items_of_real_messages_with_corrections(labelled):
    """Five folds: each message is judged by a suggester that learned from the others."""
    items = read_catalogue(REPO / "presets/huinan/catalogue.csv")
    fold = folds_of(["all"] * len(labelled), 5)
    judged = []
    for number in range(5):
        others = [row for row, own in zip(labelled, fold, strict=True) if own != number]
        suggester = Suggester(items, corrections=others)
        held_out = [row for row, own in zip(labelled, fold, strict=True) if own == number]
        judged += [(suggester.suggest(row.title, row.text), row) for row in held_out]
    first, three, organs = shares(judged)
    assert first >= 0.62
    assert three >= 0.84
    assert organs >= 0.88


def test_seven_fields_from_titles():
    assert evaluate(DATA / "titles_labelled.csv", folds=5)["macro_f1"] >= 0.885


def test_seven_fields_from_title_and_text():
    assert evaluate(DATA / "messages_labelled.csv", folds=5)["macro_f1"] >= 0.90


def test_train_save_and_evaluate(tmp_path):
    told = train(DATA / "messages_labelled.csv", tmp_path / "model.npz")
    assert told["bytes"] < 20e6
    assert evaluate(DATA / "messages_labelled.csv", tmp_path / "model.npz")["macro_f1"] > 0.95
