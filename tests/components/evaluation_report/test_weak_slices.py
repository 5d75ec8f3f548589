from __future__ import annotations

import math

from components.evaluation_report.weak_slices import MOST_SLICES, weakest_slices


def numbers(**by_feature: dict[str, tuple[float, float]]):
    """Foreground mIoU and groups of every value of a feature."""
    return {(): {"foreground_miou": 0.5, "groups": 99.0}} | {
        ((feature, value),): {"foreground_miou": score, "groups": groups}
        for feature, values in by_feature.items()
        for value, (score, groups) in values.items()
    }


def test_two_of_a_feature_are_taken_the_weakest_first() -> None:
    found = weakest_slices(
        numbers(view={"a": (0.9, 20), "b": (0.4, 20), "c": (0.6, 20), "d": (0.5, 20)})
    )

    assert found == [(("view", "b"),), (("view", "d"),)]


def test_never_are_all_of_a_feature_taken() -> None:
    found = weakest_slices(
        numbers(domain={"photo": (0.9, 20), "cad": (0.4, 20)}, source={"x": (0.1, 20)})
    )

    assert found == [(("domain", "cad"),)]


def test_slices_on_few_groups_give_way_where_others_suffice() -> None:
    views = {"rare": (0.1, 9), "a": (0.9, 10), "b": (0.8, 10), "c": (0.7, 10)}

    assert weakest_slices(numbers(view=views)) == [(("view", "c"),), (("view", "b"),)]
    few = {"rare": (0.1, 9), "a": (0.9, 10)}
    assert weakest_slices(numbers(view=few)) == [(("view", "rare"),)]


def test_spoiled_copies_and_slices_without_a_score_are_left_out() -> None:
    found = weakest_slices(
        numbers(
            corruption={"fog 1": (0.1, 20), "fog 2": (0.2, 20), "fog 3": (0.3, 20)},
            view={"a": (math.nan, 20), "b": (0.4, 20), "c": (0.5, 20)},
        )
    )

    assert found == [(("view", "b"),)]


def test_of_many_features_the_weakest_slices_stay() -> None:
    features = {
        f"feature_{index:02d}": {"weak": (index / 100, 20), "strong": (0.9, 20)}
        for index in range(20)
    }

    found = weakest_slices(numbers(**features))

    assert found == [
        ((f"feature_{index:02d}", "weak"),) for index in range(MOST_SLICES)
    ]
