"""Duplicates: signatures and how alike two messages are."""

import subprocess
import sys
from itertools import pairwise

import pytest

from huying.suggest import signature, similar, similarity

A = "小区东门口的路灯坏了三天，晚上漆黑一片，老人孩子出门害怕，请尽快派人来修"
B = "小区东门口的路灯坏了好几天，晚上漆黑一片，老人孩子都害怕出门，请尽快来人修理"
C = "幼儿园的伙食太差，孩子回家喊饿，希望教育部门查一查每个月的伙食费都用到哪里去了"


def test_the_same_text_is_one_and_another_near_nothing():
    assert similarity(signature(A), signature(A)) == 1.0
    assert similarity(signature(A), signature(C)) < 0.1


def test_a_reworded_message_lies_between():
    assert 0.3 < similarity(signature(A), signature(B)) < 0.9


def test_it_estimates_the_share_of_common_pairs():
    pairs = [{x + y for x, y in pairwise(text.replace("，", ""))} for text in (A, B)]
    share = len(pairs[0] & pairs[1]) / len(pairs[0] | pairs[1])
    found = similarity(signature(A.replace("，", "")), signature(B.replace("，", "")))
    assert found == pytest.approx(share, abs=0.2)


def test_spaces_and_width_do_not_matter():
    assert signature("路灯 坏了，ＡＢ") == signature("路灯坏了，ab")


def test_signatures_are_small_integers_and_the_same_in_every_process():
    made = signature(A)
    assert len(made) == 64
    assert all(type(value) is int and 0 <= value < 2**32 for value in made)
    script = f"from huying.suggest import signature; print(signature({A!r}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(made)


def test_too_short_is_like_nothing():
    assert signature("路灯") == ()
    assert similarity((), signature(A)) == 0.0
    assert similarity((), ()) == 0.0


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="lengths"):
        similarity((1, 2), (1, 2, 3))


def test_candidates_are_ranked_and_the_unlike_left_out():
    ranked = similar("", A, [("c", signature(C)), ("b", signature(B)), ("a", signature(A))])
    assert [key for key, _ in ranked] == ["a", "b"]
    assert ranked[0][1] == 1.0
    assert similar("", A, [("a", signature(A)), ("b", signature(B))], limit=1) == [("a", 1.0)]
