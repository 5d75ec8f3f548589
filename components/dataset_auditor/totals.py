"""Histograms over all records: splits, classes, slices, sizes, loss weights."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.record_audit import RecordAudit

LOSS_WEIGHTS_METHOD = (
    "Loss weights: median frequency over the train split (Eigen and Fergus 2015), the"
    " median of all classes' shares by the class's share, a share being its pixels by"
    " the labelled pixels of the images that show it; held within 0.1..10; 1 for a"
    " class without a pixel"
)
_WEIGHT_RANGE = (0.1, 10.0)
_SIZES_LISTED = 20


@dataclass
class ClassCounts:
    """Sums over some records.

    Attributes:
        examples: Records.
        pixels: Class id to pixels.
        images: Class id to records that show it.
        shown_px: Class id to labelled pixels of the records that show it.
        void_px: Void pixels.
    """

    examples: int = 0
    pixels: Counter[int] = field(default_factory=Counter)
    images: Counter[int] = field(default_factory=Counter)
    shown_px: Counter[int] = field(default_factory=Counter)
    void_px: int = 0

    def add(self, record: RecordAudit) -> None:
        """Counts one record."""
        labelled = sum(record.class_px.values())
        self.examples += 1
        self.void_px += record.void_px
        for class_id, count in record.class_px.items():
            self.pixels[class_id] += count
            self.images[class_id] += 1
            self.shown_px[class_id] += labelled


@dataclass
class Totals:
    """All histograms; adding records in any order gives the same sums."""

    whole: ClassCounts = field(default_factory=ClassCounts)
    splits: dict[str, ClassCounts] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    undecodable: Counter[str] = field(default_factory=Counter)
    slices: dict[str, dict[str, ClassCounts]] = field(default_factory=dict)
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    instances: Counter[int] = field(default_factory=Counter)

    def add(self, record: RecordAudit) -> None:
        """Counts one record everywhere."""
        self.whole.add(record)
        self.splits.setdefault(record.split, ClassCounts()).add(record)
        if record.group_id:
            self.groups.setdefault(record.split, set()).add(record.group_id)
        if any(rule == "undecodable_image" for rule, _ in record.defects):
            self.undecodable[record.split] += 1
        for feature, value in record.slices.items():
            by_value = self.slices.setdefault(feature, defaultdict(ClassCounts))
            by_value[value].add(record)
        if record.size is not None:
            self.sizes[record.size] += 1
        self.instances.update(record.instances)

    @property
    def void_share(self) -> float:
        """Void pixels by all pixels of the masks that could be read."""
        pixels = self.whole.void_px + sum(self.whole.pixels.values())
        return self.whole.void_px / pixels if pixels else 0.0


def describe_totals(
    totals: Totals, table: ClassTable, split_names: Sequence[str]
) -> dict[str, Any]:
    """Returns the report's tables as JSON."""
    train = totals.splits.get("train", totals.whole)
    return {
        "splits": {
            name: {
                "examples": totals.splits.get(name, ClassCounts()).examples,
                "groups": len(totals.groups.get(name, ())),
                "undecodable": totals.undecodable[name],
                "class_pixels": _class_pixels(
                    totals.splits.get(name, ClassCounts()), table
                ),
            }
            for name in sorted(split_names)
        },
        "classes": _classes(totals, table),
        "void_share": round(totals.void_share, 6),
        "loss_weights": loss_weights(train.pixels, train.shown_px, table.names),
        "loss_weights_method": LOSS_WEIGHTS_METHOD,
        "slices": {
            feature: {
                value: {
                    "examples": counts.examples,
                    "class_pixels": _class_pixels(counts, table),
                }
                for value, counts in sorted(by_value.items())
            }
            for feature, by_value in sorted(totals.slices.items())
        },
        "sizes": _sizes(totals.sizes),
    }


def loss_weights(
    pixels: Mapping[int, int], shown_px: Mapping[int, int], names: Mapping[int, str]
) -> dict[str, float]:
    """Returns median-frequency weights by class name; see `LOSS_WEIGHTS_METHOD`.

    Example:
        >>> loss_weights({0: 90, 1: 10}, {0: 100, 1: 100}, {0: "none", 1: "car"})
        {'none': 0.5556, 'car': 5.0}
    """
    shares = {
        class_id: pixels[class_id] / shown_px[class_id]
        for class_id in names
        if pixels.get(class_id)
    }
    if not shares:
        return dict.fromkeys(names.values(), 1.0)
    median = statistics.median(shares.values())
    low, high = _WEIGHT_RANGE
    return {
        name: round(min(max(median / shares[class_id], low), high), 4)
        if class_id in shares
        else 1.0
        for class_id, name in names.items()
    }


def _class_pixels(counts: ClassCounts, table: ClassTable) -> dict[str, int]:
    return {name: counts.pixels[class_id] for class_id, name in table.names.items()}


def _classes(totals: Totals, table: ClassTable) -> list[dict[str, Any]]:
    labelled = max(sum(totals.whole.pixels.values()), 1)
    rows = []
    for class_id, name in table.names.items():
        row: dict[str, Any] = {
            "id": class_id,
            "name": name,
            "pixels": totals.whole.pixels[class_id],
            "share": round(totals.whole.pixels[class_id] / labelled, 6),
            "images": totals.whole.images[class_id],
        }
        if totals.instances:
            row["instances"] = totals.instances[class_id]
        rows.append(row)
    return rows


def _sizes(sizes: Counter[tuple[int, int]]) -> list[dict[str, Any]]:
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    rows: list[dict[str, Any]] = [
        {"width": width, "height": height, "count": count}
        for (width, height), count in ordered[:_SIZES_LISTED]
    ]
    rest = sum(count for _, count in ordered[_SIZES_LISTED:])
    if rest:
        rows.append({"width": None, "height": None, "count": rest})
    return rows
