"""The learning rate of every step is the one on paper."""

from __future__ import annotations

import math

import pytest

from tfx_pipeline.modeling.schedules import WarmupCosine, warmup_cosine


def rates(schedule: WarmupCosine, steps: range) -> list[float]:
    return [float(schedule(step)) for step in steps]


def test_it_climbs_in_a_line_and_falls_in_half_a_cosine() -> None:
    schedule = WarmupCosine(0.8, total_steps=12, warmup_steps=4, final_share=0.25)

    assert rates(schedule, range(4)) == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert float(schedule(4)) == pytest.approx(0.8)
    assert float(schedule(8)) == pytest.approx(0.8 * (0.25 + 0.75 / 2))
    assert float(schedule(6)) == pytest.approx(
        0.8 * (0.25 + 0.75 * (1 + math.cos(math.pi / 4)) / 2)
    )
    assert rates(schedule, range(12, 15)) == pytest.approx([0.2] * 3)


def test_without_a_climb_the_first_step_has_the_peak() -> None:
    assert float(WarmupCosine(0.1, total_steps=5)(0)) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("total_steps", "share", "steps"), [(200, 0.05, 10), (3, 1.0, 2), (1, 0.5, 0)]
)
def test_a_share_of_the_training_becomes_steps(
    total_steps: int, share: float, steps: int
) -> None:
    schedule = warmup_cosine(
        peak=1.0, total_steps=total_steps, warmup_share=share, final_share=0.0
    )

    assert schedule.warmup_steps == steps


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"total_steps": 5, "warmup_steps": 5}, r"0\.\.4 for total_steps=5, got 5"),
        ({"total_steps": 5, "final_share": 1.5}, r"final_share must be 0\.\.1"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        WarmupCosine(0.1, **arguments)


def test_a_training_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="total_steps must be 1 or more, got 0"):
        warmup_cosine(peak=0.1, total_steps=0, warmup_share=0.1, final_share=0.0)
