"""Items and organs from the catalogue's own words, before anything is learned."""

import csv
from pathlib import Path

import pytest

from huying.suggest import ItemInfo, Suggester
from huying.suggest.catalogue import read_catalogue

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[2] / "presets/huinan/catalogue.csv"

LAMP = ItemInfo("lamp", "路灯不亮", ("市政",), ("路灯", "灯坏了", "漆黑"), "city", "works")
HOLE = ItemInfo("hole", "道路坑洼", ("市政",), ("大坑", "路面破损"), "city", "works")
NOISE = ItemInfo("noise", "噪音扰民", ("治安",), ("吵", "半夜唱歌", "音响"), "order", "police")


@pytest.fixture(scope="module")
def small():
    return Suggester([LAMP, HOLE, NOISE])


def test_a_keyword_finds_its_item_organ_and_field_with_the_word_as_reason(small):
    answer = small.suggest("门口灯坏了", "晚上漆黑一片，路灯一个都不亮")
    assert answer.items[0].code == "lamp"
    assert set(answer.items[0].reasons) >= {"灯坏了", "路灯", "漆黑"}
    assert answer.organs[0].code == "works"
    assert answer.field == "city"
    assert answer.confidence == answer.items[0].confidence > 0.5


@pytest.mark.parametrize(("title", "text"), [("", ""), ("好", ""), ("   ", "\n"), ("hello world", "thanks")])
def test_nothing_known_gives_nothing(small, title, text):
    answer = small.suggest(title, text)
    assert answer.items == ()
    assert answer.organs == ()
    assert answer.confidence == 0.0


def test_vague_words_stay_unsure(small):
    assert small.suggest("你好，请领导关心一下道路的事情").confidence < 0.3


def test_confidences_are_chances(small):
    answer = small.suggest("路灯不亮，大坑也没人补，半夜唱歌音响太吵")
    codes = [scored.code for scored in answer.items]
    values = [scored.confidence for scored in answer.items]
    assert len(codes) == 3
    assert values == sorted(values, reverse=True)
    assert all(0.0 <= value <= 1.0 for value in values)
    assert sum(values) <= 1.001


def test_text_without_title_counts_like_a_title(small):
    assert small.suggest("", "路灯不亮").confidence == small.suggest("路灯不亮", "").confidence


def test_full_width_case_and_spaces_do_not_matter(small):
    assert small.suggest("路 灯　不亮").items == small.suggest("路灯不亮").items


def test_limit(small):
    answer = small.suggest("路灯不亮，大坑也没人补，半夜唱歌音响太吵", limit=1)
    assert len(answer.items) == len(answer.organs) == 1


def test_codes_must_be_unique():
    with pytest.raises(ValueError, match="unique"):
        Suggester([LAMP, LAMP])


def test_an_empty_catalogue_suggests_nothing():
    assert Suggester([]).suggest("路灯不亮").items == ()


def test_many_weak_items_of_one_organ_do_not_beat_one_good_item():
    crowd = [ItemInfo(f"w{n}", f"事项{n}号", (), (f"词语{n}",), "", "big") for n in range(60)]
    answer = Suggester([*crowd, LAMP]).suggest("门口的路灯坏了")
    assert answer.organs[0].code == "works"
    assert all(organ.confidence < 0.02 for organ in answer.organs[1:])


def test_same_answer_every_time():
    items = read_catalogue(CATALOGUE)
    message = ("小区没暖气", "物业不管，热力公司来看过，屋里十四度，孩子都冻感冒了")
    assert Suggester(items).suggest(*message) == Suggester(items).suggest(*message)


def test_own_descriptions_reach_the_right_organ():
    """At least 85 % of the descriptions have the right organ among the first three, untrained."""
    suggester = Suggester(read_catalogue(CATALOGUE))
    with open(HERE / "descriptions_huinan.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) >= 200
    hits = 0
    for row in rows:
        hits += row["organ"] in [organ.code for organ in suggester.suggest("", row["text"]).organs]
    assert hits / len(rows) >= 0.85, f"{hits} of {len(rows)}"


def test_descriptions_fit_the_catalogue():
    """Every description names an item of the catalogue and the organ that handles it; every item is described."""
    organ = {item.code: item.organ for item in read_catalogue(CATALOGUE)}
    with open(HERE / "descriptions_huinan.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row for row in rows if organ.get(row["item"]) != row["organ"]] == []
    assert {row["item"] for row in rows} == set(organ)
