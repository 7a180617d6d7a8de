"""The proof of the coverage judges rightly: what is removed, and how a test ended."""

import pytest

from huying.testing.removals import (
    ASSERTION,
    CRASH,
    PASSES,
    Proof,
    Unremovable,
    judge,
    proofs,
    without,
)

TEST = "huying/a/tests/test_b.py::test_c"


def test_pairs_are_read_with_their_row():
    text = "### ZL1\n\n- test: `a.py::test_x`\n- line: `b.py`: `` c = `d` ``\n- screen: none\n"
    assert list(proofs(text)) == [Proof("ZL1", "a.py::test_x", "b.py", "c = `d`")]


def test_a_line_goes_and_what_is_left_can_be_read():
    assert without("a = 1\nif a:\n    b = 2\n", "b = 2", python=True) == "a = 1\nif a:\n    pass\n"
    assert without("a = 1\nb = 2\n", "b = 2", python=True) == "a = 1\n"
    assert without("a: 1\nb: [\n", "b: [", python=False) == "a: 1\n"


@pytest.mark.parametrize("source", ["a = 1\n", "b = 2\nb = 2\n", "if a:\n    c = 3\n"])
def test_what_cannot_be_removed_is_said(source):
    line = "if a:" if "if" in source else "b = 2"
    with pytest.raises(Unremovable):
        without(source, line, python=True)


@pytest.mark.parametrize(
    ("inside", "ended"),
    [
        ("", PASSES),
        ('<failure message="assert 1 == 2"/>', ASSERTION),
        ('<failure message="AssertionError: assert []"/>', ASSERTION),
        ('<failure message="Failed: DID NOT RAISE ValueError"/>', ASSERTION),
        ('<failure message="NameError: name x is not defined"/>', CRASH),
        ('<error message="failed on setup with PresetError"/>', CRASH),
        ("<skipped/>", CRASH),
    ],
)
def test_how_it_ended(inside, ended):
    for name in ("test_c", "test_c[1-2]"):
        report = f'<s><testsuite><testcase classname="huying.a.tests.test_b" name="{name}">{inside}</testcase></testsuite></s>'
        assert judge(report, TEST)[0] == ended


def test_a_file_that_cannot_be_imported_is_a_crash():
    case = (
        '<testcase classname="" name="huying.a.tests.test_b"><error message="collection failure"/></testcase>'
    )
    assert judge(f"<s><testsuite>{case}</testsuite></s>", TEST)[0] == CRASH
