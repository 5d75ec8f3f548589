"""The eval split comes close to its share of photos, the same every time."""

from __future__ import annotations

import pytest

from tfds_builders.eval_draw import draw_eval


def test_eval_takes_its_share_of_photos_not_of_groups() -> None:
    sizes = {f"car{index}": 1 + index % 4 for index in range(80)}
    drawn = draw_eval(sizes)
    assert abs(sum(sizes[group] for group in drawn) / 200 - 0.15) <= 0.01
    assert drawn == draw_eval(dict(reversed(sizes.items())))
    assert len(draw_eval({"a": 1, "b": 50})) == 1
    with pytest.raises(ValueError, match="two groups or more, got 1; add photos"):
        draw_eval({"a": 9})
