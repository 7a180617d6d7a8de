import pytest

from huying.worktime import Limit, LimitError, Unit, parse_limit


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("2 work hours", 2, Unit.WORK_HOUR),
        ("1 work hour", 1, Unit.WORK_HOUR),
        ("3 workdays", 3, Unit.WORKDAY),
        ("1 workday", 1, Unit.WORKDAY),
        ("3 working days", 3, Unit.WORKDAY),
        ("24 hours", 24, Unit.HOUR),
        ("5 days", 5, Unit.DAY),
        ("30 minutes", 30, Unit.MINUTE),
        ("90 work minutes", 90, Unit.WORK_MINUTE),
        ("  2   Work  Hours ", 2, Unit.WORK_HOUR),
        ("2 工作时", 2, Unit.WORK_HOUR),
        ("4个工作小时", 4, Unit.WORK_HOUR),
        ("3个工作日", 3, Unit.WORKDAY),
        ("３个工作日", 3, Unit.WORKDAY),
        ("三个工作日", 3, Unit.WORKDAY),
        ("十五个工作日", 15, Unit.WORKDAY),
        ("二十个工作日", 20, Unit.WORKDAY),
        ("一百二十日", 120, Unit.DAY),
        ("一百零五天", 105, Unit.DAY),
        ("24小时", 24, Unit.HOUR),
        ("两小时", 2, Unit.HOUR),
        ("5个自然日", 5, Unit.DAY),
        ("7天", 7, Unit.DAY),
        ("30分钟", 30, Unit.MINUTE),
        ("90工作分钟", 90, Unit.WORK_MINUTE),
        ("1.5 work hours", 90, Unit.WORK_MINUTE),
        ("半小时", 30, Unit.MINUTE),
        ("两个半小时", 150, Unit.MINUTE),
        ("2.0 workdays", 2, Unit.WORKDAY),
    ],
)
def test_reads(text, amount, unit):
    assert parse_limit(text) == Limit(amount, unit)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("3", "not a limit"),
        ("workdays", "not a limit"),
        ("-3 days", "not a limit"),
        ("3 weeks", '"weeks" in "3 weeks" is not a unit'),
        ("三个月", '"月"'),
        ("0 days", "at least 1"),
        ("0.5 workdays", "not a whole number of workdays"),
        ("半个工作日", "not a whole number of workdays"),
        ("0.001 hours", "not a whole number of hours"),
        ("99999 workdays", "too long"),
        ("五五日", "cannot be read"),
        ("十百日", "cannot be read"),
        ("3 days; drop", "not a unit"),
        ("item", "not a limit"),
        (None, "not a limit"),
        (3, "not a limit"),
    ],
)
def test_refuses_and_says_why(text, says):
    with pytest.raises(LimitError) as caught:
        parse_limit(text)
    assert says in str(caught.value)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("amount", [1, 2, 15])
def test_words_read_back_to_the_same_limit(unit, amount):
    limit = Limit(amount, unit)
    assert parse_limit(str(limit)) == limit
    assert parse_limit(limit.label("zh-Hans")) == limit
    assert limit.label("en") == str(limit)


@pytest.mark.parametrize("amount", [0, -1, 1.5, True])
def test_amount_is_a_whole_number_from_one(amount):
    with pytest.raises(LimitError):
        Limit(amount, Unit.DAY)
