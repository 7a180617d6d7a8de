"""The lexicon file and the finder of words."""

import pytest

from huying.suggest.features import counted, ngram_buckets, normalise
from huying.suggest.lexicon import default_lexicon, parse
from huying.suggest.terms import TermFinder

#: Buckets of "路灯a" as first released.
EXPECTED = [18881, 65201, 87549, 237086, 136466, 257812]


def test_finder_finds_every_term_even_overlapping():
    finder = TermFinder(["路灯", "路灯不亮", "不亮", "灯不", "井盖", "x"])
    found = finder.find("门口路灯不亮了路灯")
    assert {finder.terms[n]: at for n, at in found.items()} == {
        "路灯": 2,
        "路灯不亮": 2,
        "灯不": 3,
        "不亮": 4,
    }


@pytest.mark.parametrize("text", ["", "路", "完全无关的话"])
def test_finder_finds_nothing(text):
    assert TermFinder(["路灯", "井盖"]).find(text) == {}


def test_shipped_lexicon_is_sound():
    lexicon = default_lexicon()
    assert lexicon.concepts > 100
    assert all(len(word) >= 2 and word == normalise(word) for _, word in lexicon.pairs)


def test_words_count_for_their_concepts():
    lexicon = parse(["# comment", "", "lamp: 路灯 灯杆", "road: 路面 路灯"])
    words, concepts = lexicon.find("路灯和灯杆")
    assert len(words) == 2
    assert concepts == {0: 2, 1: 1}


@pytest.mark.parametrize("lines", [["no colon here"], ["a: 路灯", "a: 井盖"]])
def test_bad_lines_are_named(lines):
    with pytest.raises(ValueError, match=f"line {len(lines)}"):
        parse(lines)


def test_hashing_is_fixed():
    """Model files hold bucket numbers, so the hash may never change."""
    assert len(ngram_buckets("路灯ab", (1, 2, 3), 18)) == 4 + 3 + 2
    assert ngram_buckets("", (1, 2), 18).tolist() == []
    assert ngram_buckets("路灯a", (1, 2, 3), 18, 1).tolist() == EXPECTED


def test_repeats_are_counted_sublinearly():
    numbers, weights = counted(ngram_buckets("aaa", (1,), 18))
    assert len(numbers) == 1
    assert weights[0] == pytest.approx(1 + 1.0986, abs=1e-3)
