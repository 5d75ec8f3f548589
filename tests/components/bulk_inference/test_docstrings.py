from __future__ import annotations

import doctest

from components.bulk_inference import coco_annotations


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(coco_annotations) == (0, 1)
