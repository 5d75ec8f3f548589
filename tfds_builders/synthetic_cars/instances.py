"""Objects of a finished scene as records with boxes and run lengths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tfds_builders.synthetic_cars.canvas import Mark
from tfds_builders.synthetic_cars.taxonomy import CAR_ID, STREET_IDS

COUNTABLE = frozenset(STREET_IDS[name] for name in ("car", "truck", "bus", "person"))


def encode_rle(mask: np.ndarray) -> dict[str, Any]:
    """Returns COCO's uncompressed run lengths: column by column, zeros first.

    Example:
        >>> encode_rle(np.array([[0, 1], [0, 1]]))
        {'size': [2, 2], 'counts': [2, 2]}
    """
    columns = np.flatnonzero(np.asarray(mask).any(axis=0))
    first, last = (columns[0], columns[-1] + 1) if len(columns) else (0, 0)
    flat = np.asarray(mask[:, first:last], np.int8).ravel(order="F")
    changes = np.flatnonzero(np.diff(flat, prepend=0, append=0))
    edges = np.concatenate([[0], changes + first * mask.shape[0], [mask.size]])
    counts = np.diff(edges).tolist()
    if counts[-1] == 0:
        counts.pop()
    return {"size": [int(mask.shape[0]), int(mask.shape[1])], "counts": counts}


def describe(
    task: str, class_id: int, instance_id: int, mask: np.ndarray
) -> dict[str, Any]:
    """Returns the record of one object from its mask."""
    rows = np.flatnonzero(mask.any(axis=1))
    cols = np.flatnonzero(mask.any(axis=0))
    left, top = int(cols[0]), int(rows[0])
    box = [left, top, int(cols[-1]) - left + 1, int(rows[-1]) - top + 1]
    return {
        "task": task,
        "class_id": int(class_id),
        "instance_id": int(instance_id),
        "bbox_px": box,
        "area_px": int(mask.sum()),
        "rle": encode_rle(mask),
    }


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
        found.append(describe("street", street_id, number, mask))
        if street_id == STREET_IDS["car"]:
            found.append({**found[-1], "task": "car", "class_id": CAR_ID})
            found += [
                describe("parts", part, number, mask & (parts == part))
                for part in np.unique(parts[mask])
            ]
    for mark in (int(m) for m in np.unique(marks) if m):
        what = mark_of_number[mark]
        number = number_of_code[what.car_code]
        found.append(describe("damage", what.class_id, number, marks == mark))
    return found
