"""Rankings into one: against the formulas, and what must hold whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.ingest.fusion import below_successors, diversified, is_decided, reciprocal_rank_fusion

RANKING = st.lists(st.integers(0, 30), unique=True, max_size=20)


def test_scores_are_those_of_the_paper() -> None:
    fused = reciprocal_rank_fusion({"text": ["a", "b"], "semantic": ["b", "c"]}, k=60)
    assert list(fused) == ["b", "a", "c"]
    assert fused["b"].score == pytest.approx(1 / 62 + 1 / 61)
    assert fused["b"].ranks == {"text": 2, "semantic": 1}
    assert fused["a"].ranks == {"text": 1}


def test_a_weight_counts() -> None:
    fused = reciprocal_rank_fusion({"one": ["a"], "two": ["b"]}, weights={"two": 0.5})
    assert fused["b"].score == pytest.approx(fused["a"].score / 2)


@given(st.dictionaries(st.sampled_from("abc"), RANKING))
def test_fusion_keeps_everything_once_and_is_sorted(rankings: dict[str, list[int]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert set(fused) == {key for ranking in rankings.values() for key in ranking}
    scores = [one.score for one in fused.values()]
    assert scores == sorted(scores, reverse=True)


@given(RANKING, RANKING)
def test_what_both_rank_higher_stands_higher(one: list[int], other: list[int]) -> None:
    order = list(reciprocal_rank_fusion({"one": one, "other": other}))
    both = [key for key in one if key in other]
    for left in both:
        for right in both:
            if one.index(left) < one.index(right) and other.index(left) < other.index(right):
                assert order.index(left) < order.index(right)


@given(RANKING, st.dictionaries(st.integers(0, 30), st.lists(st.integers(0, 30), max_size=3)))
def test_nothing_stands_above_its_successor(items: list[int], newer: dict[int, list[int]]) -> None:
    acyclic = {old: [new for new in news if new > old] for old, news in newer.items()}
    order = below_successors(items, lambda item: item, lambda item: acyclic.get(item, []))
    assert sorted(order) == sorted(items)
    for old, news in acyclic.items():
        for new in news:
            if old in order and new in order:
                assert order.index(new) < order.index(old)


def test_without_successors_the_order_stays_and_circles_end() -> None:
    assert below_successors([3, 1, 2], lambda item: item, lambda _: []) == [3, 1, 2]
    circle = {1: [2], 2: [1]}
    assert sorted(below_successors([1, 2, 3], lambda item: item, lambda item: circle.get(item, []))) == [1, 2, 3]


def test_diversity_prefers_what_is_new() -> None:
    items = [("a", 1.0), ("a2", 0.99), ("b", 0.5)]

    def alike(one: tuple[str, float], other: tuple[str, float]) -> float:
        return 1.0 if one[0][0] == other[0][0] else 0.0

    def taken(trade_off: float) -> list[str]:
        return [name for name, _ in diversified(items, lambda item: item[1], alike, trade_off=trade_off, limit=2)]

    assert taken(1.0) == ["a", "a2"]
    assert taken(0.3) == ["a", "b"]


def test_a_ranking_is_decided_when_both_halves_agree_and_it_leads() -> None:
    both, half = {"text": 1, "semantic": 1}, {"text": 1}
    assert is_decided([0.033, 0.016], [both, half], ("text", "semantic"))
    assert not is_decided([0.033, 0.032], [both, both], ("text", "semantic"))
    assert not is_decided([0.033, 0.016], [half, both], ("text", "semantic"))
    assert is_decided([], [], ("text",))
