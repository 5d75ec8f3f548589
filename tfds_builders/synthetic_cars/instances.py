"""Objects of a finished scene, listed with boxes and run lengths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tfds_builders.annotated_objects import describe_instance
from tfds_builders.mask_patch import patch_of
from tfds_builders.synthetic_cars.canvas import Mark
from tfds_builders.synthetic_cars.taxonomy import CAR_ID, STREET_IDS

COUNTABLE = frozenset(STREET_IDS[name] for name in ("car", "truck", "bus", "person"))


def list_instances(
    codes: np.ndarray,
    parts: np.ndarray,
    marks: np.ndarray,
    street_of_code: Mapping[int, int],
    mark_of_number: Mapping[int, Mark],
) -> list[dict[str, Any]]:
    """Returns the records of all tasks of one picture.

    A car's number is the `instance_id` of its entry in every task: its outline, each
    of its parts and each of its damages carry the same one.

    Args:
        codes: Object code per pixel.
        parts: Part ids, 0 off the cars.
        marks: Damage mark numbers, 0 where there is none.
        street_of_code: Street class of each code.
        mark_of_number: What each damage mark is.
    """
    found: list[dict[str, Any]] = []
    number_of_code: dict[int, int] = {}
    for code in (int(c) for c in np.unique(codes)):
        street_id = street_of_code[code]
        if street_id not in COUNTABLE:
            continue
        number = number_of_code.setdefault(code, len(number_of_code) + 1)
        mask = codes == code
        found.append(describe_instance("street", street_id, number, patch_of(mask)))
        if street_id == STREET_IDS["car"]:
            found.append({**found[-1], "task": "car", "class_id": CAR_ID})
            found += [
                describe_instance(
                    "parts", part, number, patch_of(mask & (parts == part))
                )
                for part in np.unique(parts[mask])
            ]
    for mark in (int(m) for m in np.unique(marks) if m):
        what = mark_of_number[mark]
        number = number_of_code[what.car_code]
        found.append(
            describe_instance("damage", what.class_id, number, patch_of(marks == mark))
        )
    return found
