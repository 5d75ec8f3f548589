"""The bounds that a user sets: values to reach, and how much worse than the last model.

`class_name` and a slice's value may be `*`: the bound then holds for every class of
the taxonomy, or every value that the test photos have.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components.segmentation_metrics.number_kinds import Better, kind_of

ANY = "*"
MIN_GROUPS = 10  # on fewer, a number says little of other photos


@dataclass(frozen=True, kw_only=True)
class ValueThreshold:
    """A number must be at least or at most a bound.

    Attributes:
        metric: `miou`, `foreground_miou`, `iou`, `dice`, ... as the evaluation has it.
        class_name: For metrics of one class; `*` for each class.
        slice: Feature to value, as `{"view": "front"}`; empty is the whole split.
        at_least: The number must not be below.
        at_most: The number must not be above.
    """

    metric: str
    class_name: str | None = None
    slice: Mapping[str, str] = field(default_factory=dict)
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if self.at_least is None and self.at_most is None:
            raise ValueError(
                f"a threshold on {self.metric!r} needs at_least or at_most, got neither"
            )
        for name in ("at_least", "at_most"):
            bound = getattr(self, name)
            if bound is not None and not math.isfinite(bound):
                raise ValueError(
                    f"{name} of {self.metric!r} must be a number, got {bound}"
                )


@dataclass(frozen=True, kw_only=True)
class ChangeThreshold:
    """A number must not be more than `margin` worse than the live model's.

    Worse is less, or more of what counts errors (`ece`, `count_error`, `missed_share`).
    Judged is the worse end of the 95 % interval of the difference.

    Attributes:
        metric: Name of the number; more of it must be better, or less.
        class_name: For metrics of one class; `*` for each class.
        slice: Feature to value; empty is the whole split.
        margin: How much worse is allowed, 0..1; negative demands an improvement.
    """

    metric: str
    class_name: str | None = None
    slice: Mapping[str, str] = field(default_factory=dict)
    margin: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.margin):
            raise ValueError(
                f"margin of {self.metric!r} must be a number, got {self.margin}"
            )
        kind = kind_of(self.metric)
        if kind and kind.better not in (Better.HIGHER, Better.LOWER):
            raise ValueError(
                "a change can be judged of a number of which more is better, or less,"
                f" got {self.metric!r}: {kind.better.value}; bound it with at_least and"
                " at_most under values"
            )


@dataclass(frozen=True, kw_only=True)
class GateThresholds:
    """All bounds of a gate; the standing rules hold beside them in any case.

    Attributes:
        values: Bounds on the candidate's numbers.
        changes: Bounds on the difference to the live model.
        mean_mask_margin: How much the foreground mIoU must be above that of the best
            constant mask of the training set.
        min_groups: A number of a class or slice that stands on fewer groups of photos
            is reported and not judged.
    """

    values: tuple[ValueThreshold, ...] = ()
    changes: tuple[ChangeThreshold, ...] = ()
    mean_mask_margin: float = 0.01
    min_groups: int = MIN_GROUPS

    def __post_init__(self) -> None:
        if self.min_groups < 1:
            raise ValueError(f"min_groups must be 1 or more, got {self.min_groups}")
        if not 0 <= self.mean_mask_margin < 1:
            raise ValueError(
                "mean_mask_margin must be at least 0 and below 1, got"
                f" {self.mean_mask_margin}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form: entries of metric, class, slice and bounds."""
        return {
            "values": [
                _describe(entry) | _set_only(entry, "at_least", "at_most")
                for entry in self.values
            ],
            "changes": [
                _describe(entry) | {"margin": entry.margin} for entry in self.changes
            ],
            "mean_mask_margin": self.mean_mask_margin,
            "min_groups": self.min_groups,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> GateThresholds:
        """Reads the JSON form; the inverse of `to_dict`.

        Raises:
            ValueError: An entry has an unknown key or no metric.
        """
        _refuse_unknown(fields, {"values", "changes", "mean_mask_margin", "min_groups"})
        bounds = {"at_least", "at_most"}
        return cls(
            values=tuple(
                ValueThreshold(**_read(entry, bounds))
                for entry in fields.get("values", ())
            ),
            changes=tuple(
                ChangeThreshold(**_read(entry, {"margin"}))
                for entry in fields.get("changes", ())
            ),
            mean_mask_margin=fields.get("mean_mask_margin", 0.01),
            min_groups=fields.get("min_groups", MIN_GROUPS),
        )


def _describe(entry: ValueThreshold | ChangeThreshold) -> dict[str, Any]:
    described: dict[str, Any] = {"metric": entry.metric}
    if entry.class_name is not None:
        described["class"] = entry.class_name
    if entry.slice:
        described["slice"] = dict(entry.slice)
    return described


def _set_only(entry: ValueThreshold, *names: str) -> dict[str, float]:
    values = {name: getattr(entry, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _read(entry: Mapping[str, Any], bounds: set[str]) -> dict[str, Any]:
    _refuse_unknown(entry, {"metric", "class", "slice"} | bounds)
    if "metric" not in entry:
        raise ValueError(f"a threshold needs a metric, got {dict(entry)}")
    read = {key: value for key, value in entry.items() if key != "class"}
    return read | {"class_name": entry.get("class")}


def _refuse_unknown(fields: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(fields) - known)
    if unknown:
        raise ValueError(
            f"unknown key {', '.join(unknown)} in a gate's thresholds; there are"
            f" {', '.join(sorted(known))}"
        )
