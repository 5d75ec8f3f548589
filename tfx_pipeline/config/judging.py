"""How a model is measured and judged, and what is packaged when it is blessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.model_gate.thresholds import GateThresholds
from tfx_pipeline.config.stages import require


@dataclass(frozen=True, kw_only=True)
class EvaluateConfig:
    """How the model's numbers are taken, on the test split at original size.

    Attributes:
        inference_batch_size: Photos predicted at once; bounds the memory.
        slice_features: The record's features that numbers are sliced by.
    """

    inference_batch_size: int = 4
    slice_features: tuple[str, ...] = ("view", "domain", "source")

    def __post_init__(self) -> None:
        require(
            self.inference_batch_size >= 1,
            "evaluate.inference_batch_size",
            "1 or more",
            self.inference_batch_size,
        )


@dataclass(frozen=True, kw_only=True)
class GateConfig:
    """The bounds beside the standing rules, which always hold.

    Attributes:
        values: Bounds on numbers: `{metric: miou, at_least: 0.5}`, also with `class`
            and `slice`.
        changes: How much worse than the live model is allowed:
            `{metric: iou, class: car, margin: 0.02}`.
        mean_mask_margin: How much better than the training set's best constant mask
            the foreground mIoU must be.
    """

    values: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ({"metric": "miou", "margin": 0.02},)
    mean_mask_margin: float = 0.01

    def __post_init__(self) -> None:
        self.thresholds()

    def thresholds(self) -> GateThresholds:
        """Returns the bounds as the gate takes them; refuses impossible ones."""
        try:
            return GateThresholds.from_dict(
                {
                    "values": list(self.values),
                    "changes": list(self.changes),
                    "mean_mask_margin": self.mean_mask_margin,
                }
            )
        except (ValueError, TypeError, KeyError) as err:
            raise ValueError(f"gate: {err}") from err


@dataclass(frozen=True, kw_only=True)
class PackageConfig:
    """What a blessed model is packaged as.

    Attributes:
        model_name: Under which it is served.
        target_version: TensorFlow of the servers; a newer model is refused.
        intended_use: For the model card.
    """

    model_name: str = "carseg"
    target_version: str = "2.16"
    intended_use: str = "Find cars, their parts or their damage in photos of cars."

    def __post_init__(self) -> None:
        require(
            bool(self.model_name) and "/" not in self.model_name,
            "package.model_name",
            "a name without '/'",
            repr(self.model_name),
        )
        is_version = all(part.isdigit() for part in self.target_version.split("."))
        require(
            is_version,
            "package.target_version",
            "a version such as 2.16",
            repr(self.target_version),
        )
