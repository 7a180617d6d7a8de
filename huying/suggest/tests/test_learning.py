"""Learning from the desk's corrections."""

import numpy as np
import pytest

from huying.suggest import Correction, CorrectionModel, ItemInfo, Suggester

ITEMS = [
    ItemInfo("lamp", "路灯不亮", (), ("路灯",), "city", "works"),
    ItemInfo("noise", "噪音扰民", (), ("吵",), "order", "police"),
    ItemInfo("dirt", "垃圾清运", (), ("垃圾",), "city", "clean"),
]
TAUGHT = [
    *[Correction(f"{n}号楼旁边泔水桶翻了", "泔水流了一地没人冲洗", "dirt") for n in range(8)],
    *[Correction(f"{n}号楼旁边有人练唢呐", "唢呐从早吹到晚", "noise") for n in range(8)],
    *[Correction(f"祝贺{n}周年", "写封感谢信表扬工作人员", "") for n in range(8)],
]


@pytest.fixture(scope="module")
def plain():
    return Suggester(ITEMS)


@pytest.fixture(scope="module")
def taught(plain):
    return Suggester(ITEMS, corrections=TAUGHT)


def test_words_that_the_catalogue_lacks_are_learned(plain, taught):
    message = ("楼下的泔水桶又翻了", "泔水流得到处都是")
    assert plain.suggest(*message).confidence < 0.3
    answer = taught.suggest(*message)
    assert answer.items[0].code == "dirt"
    assert answer.organs[0].code == "clean"
    assert answer.confidence > 0.6


def test_that_nothing_fits_is_learned(taught):
    assert taught.suggest("祝贺三周年", "写封感谢信").confidence < 0.2


def test_what_keywords_know_is_kept(taught):
    assert taught.suggest("路灯不亮").items[0].code == "lamp"


def test_fitting_is_deterministic(plain):
    first, second = CorrectionModel.fit(plain, TAUGHT), CorrectionModel.fit(plain, TAUGHT)
    assert np.array_equal(first.used, second.used)
    assert np.array_equal(first.weights, second.weights)


def test_a_saved_model_says_the_same(plain, tmp_path):
    learned = CorrectionModel.fit(plain, TAUGHT)
    learned.save(tmp_path / "learned.npz")
    loaded = CorrectionModel.load(tmp_path / "learned.npz")
    assert loaded.rows == len(TAUGHT)
    message = ("楼下泔水", "唢呐")
    assert Suggester(ITEMS, corrections=loaded).suggest(*message) == Suggester(
        ITEMS, corrections=learned
    ).suggest(*message)


def test_another_kind_of_file_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", kind=np.array("huying-fields-1"))
    with pytest.raises(ValueError, match="not a model"):
        CorrectionModel.load(tmp_path / "other.npz")


def test_a_changed_catalogue_keeps_what_still_applies(plain):
    learned = CorrectionModel.fit(plain, TAUGHT)
    grown = [ItemInfo("tree", "树木倒伏", (), ("树倒",)), ITEMS[2], ITEMS[0]]
    answer = Suggester(grown, corrections=learned).suggest("楼下的泔水桶又翻了", "泔水流得到处都是")
    assert answer.items[0].code == "dirt"
    assert Suggester(grown, corrections=learned).suggest("树倒了").items[0].code == "tree"


def test_corrections_to_items_that_are_gone_are_left_out(plain):
    assert CorrectionModel.fit(plain, [Correction("a事情", "b", "gone")] * 3).rows == 0


def test_no_corrections_change_nothing(plain):
    message = ("路灯不亮", "太吵")
    assert Suggester(ITEMS, corrections=[]).suggest(*message) == plain.suggest(*message)
