"""Hot topics: which messages form a group, and which group is hottest."""

from datetime import UTC, datetime, timedelta

from huying.suggest import TopicMessage, hot_topics, signature

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
WATER = [
    "朝阳小区从昨天早上就停水了，家里没水做饭",
    "朝阳小区停水一天了，没水做饭，什么时候来水",
    "我们朝阳小区昨天早上停水到现在，没水做饭洗漱",
]


def message(key, text, days=1.0, item="water", place="p1", point=None, weight=1.0):
    return TopicMessage(key, NOW - timedelta(days=days), signature(text), item, place, point, weight)


def three(**more):
    return [message(f"m{n}", text, days=3 - n, **more) for n, text in enumerate(WATER)]


def test_like_messages_of_one_place_form_a_group():
    (cluster,) = hot_topics([*three(), message("x", "公交车晚点半小时", item="bus")], NOW)
    assert cluster.keys == ("m0", "m1", "m2")
    assert (cluster.item, cluster.place) == ("water", "p1")
    assert (cluster.first, cluster.last) == (NOW - timedelta(days=3), NOW - timedelta(days=1))


def test_too_few_are_no_topic():
    assert hot_topics(three()[:2], NOW) == []


def test_another_place_is_another_matter():
    messages = three()
    messages[1] = message("m1", WATER[1], place="p2")
    assert hot_topics(messages, NOW) == []


def test_points_count_before_place_names():
    near = [message(f"m{n}", t, place=f"p{n}", point=(126.0 + n * 0.001, 42.6)) for n, t in enumerate(WATER)]
    far = [message(f"m{n}", t, place="p", point=(126.0 + n * 0.1, 42.6)) for n, t in enumerate(WATER)]
    assert len(hot_topics(near, NOW)) == 1
    assert hot_topics(far, NOW) == []


def test_too_far_apart_in_time():
    spread = [message(f"m{n}", text, days=30 * n) for n, text in enumerate(WATER)]
    assert hot_topics(spread, NOW) == []


def test_the_same_item_needs_less_likeness():
    mixed = three()
    other = [message(m.key, WATER[n], item=f"i{n}") for n, m in enumerate(mixed)]
    assert len(hot_topics(mixed, NOW, alike=0.99, same_item_alike=0.1)) == 1
    assert hot_topics(other, NOW, alike=0.99, same_item_alike=0.1) == []


def test_newer_and_heavier_is_hotter():
    old = [message(f"old{n}", text, days=10, place="a") for n, text in enumerate(WATER)]
    new = [message(f"new{n}", text, days=1, place="b") for n, text in enumerate(WATER)]
    joined = [message(f"join{n}", text, days=1, place="c", weight=5) for n, text in enumerate(WATER)]
    clusters = hot_topics([*old, *new, *joined], NOW)
    assert [cluster.place for cluster in clusters] == ["c", "b", "a"]
    assert clusters[1].heat > clusters[2].heat


def test_order_of_messages_does_not_matter():
    assert hot_topics(three(), NOW) == hot_topics(three()[::-1], NOW)
