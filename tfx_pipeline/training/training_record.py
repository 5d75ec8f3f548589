"""What a training has done so far: its epochs' numbers and the place it is at."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tfx_pipeline.config.training import TrainingConfig

Epoch = dict[str, float]


@dataclass(kw_only=True)
class TrainingRecord:
    """Grows while the training runs; its JSON form travels in every backup.

    Attributes:
        epochs: Numbers of each finished epoch, in order; `eval_miou` decides which
            is the best.
        step: Steps done of the epoch that is not finished yet.
        seconds: Time spent in steps and evaluations, over all attempts.
        resumed_at: [epoch, step] of every attempt that went on from a backup; epochs
            from 1 on.
    """

    epochs: list[Epoch] = field(default_factory=list)
    step: int = 0
    seconds: float = 0.0
    resumed_at: list[list[int]] = field(default_factory=list)

    @property
    def best(self) -> int | None:
        """Index of the first epoch with the highest `eval_miou`; None without any."""
        scores = [epoch["eval_miou"] for epoch in self.epochs]
        return scores.index(max(scores)) if scores else None

    @property
    def is_best_last(self) -> bool:
        """Whether the last finished epoch is the best one."""
        return self.best == len(self.epochs) - 1

    def finish_epoch(self, numbers: Epoch) -> None:
        """Adds the numbers of an epoch; the next one starts at step 0."""
        if math.isnan(numbers["eval_miou"]):
            raise ValueError(
                "the eval split must hold labelled pixels, got void in all of them:"
                " there is no mIoU to choose the best epoch by; check its masks"
            )
        self.epochs.append(numbers)
        self.step = 0

    def is_stale(self, config: TrainingConfig) -> bool:
        """Whether early stopping has waited long enough for a better epoch."""
        if self.best is None or not config.early_stopping_patience:
            return False
        return len(self.epochs) - 1 - self.best >= config.early_stopping_patience

    def is_over(self, config: TrainingConfig) -> bool:
        """Whether nothing is left to train."""
        return len(self.epochs) >= config.epochs or self.is_stale(config)

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingRecord:
        """Reads the JSON form."""
        return cls(**values)
