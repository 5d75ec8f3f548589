"""How a model is measured and judged, and what is packaged when it is blessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from components.model_gate.thresholds import MIN_GROUPS, GateThresholds
from components.segmentation_metrics.condition_names import CONDITIONS
from components.segmentation_metrics.corruption import (
    STRENGTHS,
    Corruption,
)
from components.segmentation_metrics.decision_costs import DecisionCosts
from components.segmentation_metrics.number_kinds import WITH_REST_CLASS
from tfx_pipeline.config.gate_numbers import check_number
from tfx_pipeline.config.stages import require


@dataclass(frozen=True, kw_only=True)
class EvaluateConfig:
    """How the model's numbers are taken, on the test split at original size.

    Attributes:
        inference_batch_size: Photos predicted at once; bounds the memory.
        slice_features: The record's features that numbers are sliced by, and
            conditions of the photo (`brightness`, `blur`, `object_size`).
        rest_class: Class that is on the object but is no named part of it; with it
            there is an accuracy over the named parts alone.
        corruptions: Kinds of spoiled copies that every test photo is measured as
            (blur, noise, snow, frost, fog, brightness, jpeg); each strength of each
            kind costs as much as the test split itself.
        corruption_strengths: 1 weak to 5 strong.
        costs: What a photo costs the business: `automatic`, `manual`, `missed` and
            `false_alarm`; None leaves costs out of the decision table.
        bootstrap_replicates: How often the test photos' groups are redrawn for the
            intervals; 0 leaves them out, and change is then judged by numbers alone.
    """

    inference_batch_size: int = 4
    slice_features: tuple[str, ...] = ("view", "domain", "source", *CONDITIONS)
    rest_class: str | None = None
    corruptions: tuple[str, ...] = ()
    corruption_strengths: tuple[int, ...] = STRENGTHS
    costs: Mapping[str, float] | None = None
    bootstrap_replicates: int = 400

    def __post_init__(self) -> None:
        try:
            self.spoiled()
            if self.costs is not None:
                DecisionCosts.from_dict(self.costs)
        except (ValueError, TypeError) as err:
            raise ValueError(f"evaluate: {err}") from err
        require(
            self.bootstrap_replicates == 0 or self.bootstrap_replicates >= 100,
            "evaluate.bootstrap_replicates",
            "0, or 100 or more",
            self.bootstrap_replicates,
        )
        require(
            self.inference_batch_size >= 1,
            "evaluate.inference_batch_size",
            "1 or more",
            self.inference_batch_size,
        )

    def spoiled(self) -> list[Corruption]:
        """Returns every kind in every strength."""
        return [
            Corruption(kind, strength)
            for kind in self.corruptions
            for strength in self.corruption_strengths
        ]


@dataclass(frozen=True, kw_only=True)
class GateConfig:
    """The bounds beside the standing rules, which always hold.

    Attributes:
        values: Bounds on numbers: `{metric: miou, at_least: 0.5}`, also with `class`
            and `slice`.
        changes: How much worse than the live model is allowed, by the low end of the
            95 % interval of the difference: `{metric: iou, class: car, margin: 0.02}`.
        mean_mask_margin: How much better than the training set's best constant mask
            the foreground mIoU must be.
        min_groups: A number of a class or slice on fewer groups of photos (cars,
            cases) is reported and not judged.
    """

    values: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ({"metric": "miou", "margin": 0.02},)
    mean_mask_margin: float = 0.01
    min_groups: int = MIN_GROUPS

    def __post_init__(self) -> None:
        for where in ("values", "changes"):
            for bound in getattr(self, where):
                metric = bound.get("metric", "")
                is_name = isinstance(metric, str)
                require(is_name, f"gate.{where}.metric", "a name", repr(metric))
        thresholds = self.thresholds()
        for where in ("values", "changes"):
            for bound in getattr(thresholds, where):
                check_number(f"gate.{where}", bound.metric, bound.class_name)

    def check_rest_class(self, rest_class: str | None) -> None:
        """Refuses bounds on numbers that need a class for the rest.

        Args:
            rest_class: Of the evaluation.

        Raises:
            ValueError: There is none, and a bound needs it.
        """
        for bound in (*self.values, *self.changes):
            if rest_class is None and bound["metric"] in WITH_REST_CLASS:
                raise ValueError(
                    "evaluate.rest_class must name a class where the gate bounds"
                    f" {bound['metric']}, got None; name the class that is on the"
                    " object but is no named part"
                )

    def thresholds(self) -> GateThresholds:
        """Returns the bounds as the gate takes them; refuses impossible ones."""
        try:
            return GateThresholds.from_dict(
                {
                    "values": list(self.values),
                    "changes": list(self.changes),
                    "mean_mask_margin": self.mean_mask_margin,
                    "min_groups": self.min_groups,
                }
            )
        except (ValueError, TypeError, KeyError) as err:
            raise ValueError(f"gate: {err}") from err


def installed_tensorflow() -> str:
    """Returns the TensorFlow of this environment as a server's version.

    Example:
        >>> installed_tensorflow().split(".")[0]
        '2'
    """
    return ".".join(metadata.version("tensorflow").split(".")[:2])


@dataclass(frozen=True, kw_only=True)
class PackageConfig:
    """What a blessed model is packaged as.

    Attributes:
        model_name: Under which it is served.
        target_version: TensorFlow of the servers; a newer model is refused. Where it
            is not set, the servers are taken to have the one that trains.
        intended_use: For the model card.
    """

    model_name: str = "carseg"
    target_version: str = field(default_factory=installed_tensorflow)
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
