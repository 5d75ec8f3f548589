"""The classes of one task: ids, names, colours, mirror pairs and the data's licence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tfds_builders.side_pairs import side_pairs

VOID_ID = 255

Rgb = tuple[int, int, int]
Commercial = Literal["yes", "no", "unknown"]
COMMERCIAL_ANSWERS: tuple[Commercial, ...] = ("yes", "no", "unknown")


@dataclass(frozen=True, kw_only=True)
class SegmentationClass:
    """One class of a task.

    Attributes:
        id: Value in the mask, 0..254 (255 is void everywhere).
        name: Unique name in its taxonomy.
        rgb: Colour in pictures for people and in RGB masks.
        flips_with: Name of the class that this one becomes in a mirror.
    """

    id: int
    name: str
    rgb: Rgb
    flips_with: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.id < VOID_ID:
            raise ValueError(
                f"class id must be 0..{VOID_ID - 1}, got {self.id} for"
                f" {self.name!r}; {VOID_ID} is reserved for void"
            )
        if len(self.rgb) != 3 or not all(0 <= value <= 255 for value in self.rgb):
            raise ValueError(
                f"rgb must be three values 0..255, got {self.rgb} for {self.name!r}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; `flips_with` only where it is set."""
        fields: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "rgb": list(self.rgb),
        }
        return fields | ({"flips_with": self.flips_with} if self.flips_with else {})


def number_classes(
    named: Iterable[tuple[str, Rgb]],
) -> tuple[SegmentationClass, ...]:
    """Returns classes with ids from 0 on; a mirror swaps left and right of one name.

    Example:
        >>> left, right = number_classes(
        ...     [("left_door", (9, 0, 0)), ("right_door", (0, 9, 0))]
        ... )
        >>> right.id, right.flips_with
        (1, 'left_door')
    """
    listed = list(named)
    flips = side_pairs(name for name, _ in listed)
    return tuple(
        SegmentationClass(id=index, name=name, rgb=rgb, flips_with=flips.get(name))
        for index, (name, rgb) in enumerate(listed)
    )


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All classes of one task of one dataset, ids 0..n-1 without a gap.

    Attributes:
        dataset: Name of the dataset that the masks come from.
        task: Name of the task; the record's mask is `mask/<task>`.
        classes: In the order of their ids.
        licence: SPDX identifier or a sentence; licence of the *data*.
        commercial: Whether the data's licence allows commercial use.
        background_id: The class that means "none of the others", if there is one.

    Example:
        >>> car = SegmentationClass(id=1, name="car", rgb=(0, 0, 142))
        >>> none = SegmentationClass(id=0, name="background", rgb=(0, 0, 0))
        >>> Taxonomy(dataset="d", task="car", classes=(none, car)).names
        ('background', 'car')
    """

    dataset: str
    task: str
    classes: tuple[SegmentationClass, ...]
    licence: str = "unknown"
    commercial: Commercial = "unknown"
    background_id: int | None = 0

    def __post_init__(self) -> None:
        where = f"taxonomy {self.dataset}/{self.task}"
        if not self.classes:
            raise ValueError(f"{where} has no class; list at least one")
        ids = [entry.id for entry in self.classes]
        if ids != list(range(len(ids))):
            raise ValueError(
                f"{where}: class ids must be 0..{len(ids) - 1} in order without a"
                f" gap, got {ids}"
            )
        _refuse_twice(where, "name", self.names)
        _refuse_twice(where, "rgb", [entry.rgb for entry in self.classes])
        self._check_flips(where)
        if self.commercial not in COMMERCIAL_ANSWERS:
            raise ValueError(
                f"{where}: commercial must be one of {COMMERCIAL_ANSWERS},"
                f" got {self.commercial!r}"
            )
        if self.background_id is not None and self.background_id not in ids:
            raise ValueError(
                f"{where}: background_id must be a class id or null,"
                f" got {self.background_id}"
            )

    def _check_flips(self, where: str) -> None:
        by_name = {entry.name: entry for entry in self.classes}
        for entry in self.classes:
            if entry.flips_with is None:
                continue
            partner = by_name.get(entry.flips_with)
            if partner is None or partner.flips_with != entry.name:
                raise ValueError(
                    f"{where}: {entry.name!r} flips with {entry.flips_with!r}, which"
                    " must be a class that flips back with it"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by id."""
        return tuple(entry.name for entry in self.classes)

    @property
    def num_classes(self) -> int:
        """Number of classes, void not counted."""
        return len(self.classes)

    def flip_ids(self) -> tuple[int, ...]:
        """For every id the id that it becomes in a mirror."""
        by_name = {entry.name: entry.id for entry in self.classes}
        return tuple(
            by_name[entry.flips_with] if entry.flips_with else entry.id
            for entry in self.classes
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form."""
        return {
            "dataset": self.dataset,
            "task": self.task,
            "licence": self.licence,
            "commercial": self.commercial,
            "background_id": self.background_id,
            "void_id": VOID_ID,
            "classes": [entry.to_dict() for entry in self.classes],
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Taxonomy:
        """Reads the JSON form; the inverse of `to_dict`."""
        return cls(
            dataset=fields["dataset"],
            task=fields["task"],
            licence=fields["licence"],
            commercial=fields["commercial"],
            background_id=fields["background_id"],
            classes=tuple(
                SegmentationClass(
                    id=entry["id"],
                    name=entry["name"],
                    rgb=(entry["rgb"][0], entry["rgb"][1], entry["rgb"][2]),
                    flips_with=entry.get("flips_with"),
                )
                for entry in fields["classes"]
            ),
        )

    def to_json(self) -> str:
        """Returns one line of JSON with sorted keys, equal for equal taxonomies."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)


def _refuse_twice(where: str, what: str, values: Sequence[object]) -> None:
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{where}: {what} used twice: {', '.join(twice)}")
