"""The learning rate over a training: up in a line, down in half a cosine."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("carseg")
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Climbs to `peak` in `warmup_steps`, falls to `peak * final_share` at the end.

    Args:
        peak: The highest rate, that of step `warmup_steps`.
        total_steps: Steps of the whole training; later ones keep the last rate.
        warmup_steps: Steps of the climb; step 0 already has 1 / `warmup_steps` of the
            peak, so that it is not spent on a rate of 0.
        final_share: Share of the peak that is left, 0..1.

    Example:
        >>> rate = WarmupCosine(0.1, total_steps=12, warmup_steps=2)
        >>> [round(float(rate(step)), 4) for step in (0, 1, 2, 7, 12)]
        [0.05, 0.1, 0.1, 0.05, 0.0]
    """

    def __init__(
        self,
        peak: float,
        total_steps: int,
        warmup_steps: int = 0,
        final_share: float = 0.0,
    ) -> None:
        if not 0 <= warmup_steps < total_steps:
            raise ValueError(
                f"warmup_steps must be 0..{total_steps - 1} for"
                f" total_steps={total_steps}, got {warmup_steps}"
            )
        if not 0 <= final_share <= 1:
            raise ValueError(f"final_share must be 0..1, got {final_share}")
        self.peak = peak
        self.total_steps = total_steps
        self.warmup_steps = warmup_steps
        self.final_share = final_share

    def __call__(self, step: Any) -> Any:
        """Returns the rate of a step, counted from 0."""
        step = ops.cast(step, "float32")
        climb = (step + 1) / max(self.warmup_steps, 1)
        falling_steps = self.total_steps - self.warmup_steps
        passed = ops.clip((step - self.warmup_steps) / falling_steps, 0.0, 1.0)
        cosine = 0.5 * (1 + ops.cos(math.pi * passed))
        fall = self.final_share + (1 - self.final_share) * cosine
        return self.peak * ops.where(step < self.warmup_steps, climb, fall)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "peak": self.peak,
            "total_steps": self.total_steps,
            "warmup_steps": self.warmup_steps,
            "final_share": self.final_share,
        }


def warmup_cosine(
    *, peak: float, total_steps: int, warmup_share: float, final_share: float
) -> WarmupCosine:
    """Returns the schedule whose climb is a share 0..1 of all steps."""
    if total_steps < 1:
        raise ValueError(f"total_steps must be 1 or more, got {total_steps}")
    return WarmupCosine(
        peak,
        total_steps=total_steps,
        warmup_steps=min(round(total_steps * warmup_share), total_steps - 1),
        final_share=final_share,
    )
