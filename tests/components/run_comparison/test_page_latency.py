"""The picture of quality against latency: where each point lies."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

import pytest

from components.run_comparison.comparison import Comparison
from components.run_comparison.page_latency import (
    Point,
    draw_points,
    latency_section,
    nice_end,
    spread_labels,
)
from tests.components.run_comparison.made_models import (
    hard_photos,
    make_model,
    one_more,
)

LEFT, RIGHT, TOP, BOTTOM = 60, 620, 28, 296  # edges of the picture's frame


def point(name: str, p50_ms: float, miou: float, **changes: float) -> Point:
    known = {"p95_ms": p50_ms, "low": miou, "high": miou} | changes
    return Point(name=name, colour=0, p50_ms=p50_ms, miou=miou, **known)


def attributes(svg: str, element: str) -> list[dict[str, str]]:
    return [
        dict(re.findall(r'([\w-]+)="([^"]*)"', found))
        for found in re.findall(rf"<{element} ([^>]*)>", svg)
    ]


def test_a_point_lies_where_latency_and_miou_say() -> None:
    svg = draw_points([point("a", 25.0, 0.5), point("b", 100.0, 0.9)])
    first, second = attributes(svg, "circle")

    # x goes to 100 ms; y from 0.46 to 0.94, a tenth more than the points at each end.
    assert float(first["cx"]) == pytest.approx(LEFT + (RIGHT - LEFT) / 4, abs=0.06)
    assert float(second["cx"]) == pytest.approx(RIGHT, abs=0.06)
    height = (BOTTOM - TOP) / (0.94 - 0.46)
    assert float(first["cy"]) == pytest.approx(BOTTOM - 0.04 * height, abs=0.06)
    assert float(second["cy"]) == pytest.approx(TOP + 0.04 * height, abs=0.06)


def test_the_bars_reach_from_low_to_high_and_to_the_95th_percentile() -> None:
    svg = draw_points([point("a", 10.0, 0.5, p95_ms=20.0, low=0.4, high=0.7)])
    vertical, horizontal = (
        [tuple(map(float, pair.split(","))) for pair in line["points"].split()]
        for line in attributes(svg, "polyline")
    )

    height = (BOTTOM - TOP) / 0.36  # from 0.37 to 0.73
    middle = (LEFT + RIGHT) / 2
    assert vertical[0] == pytest.approx((middle, TOP + 0.03 * height), abs=0.06)
    assert vertical[1] == pytest.approx((middle, BOTTOM - 0.03 * height), abs=0.06)
    assert [x for x, _ in horizontal] == pytest.approx([middle, RIGHT], abs=0.06)


def test_a_models_figures_become_its_point() -> None:
    model = make_model("a", hard_photos)  # 12.25 ms, and 20.5 ms: the axis ends at 50
    known = model.interval("miou")
    assert known is not None

    section = latency_section(Comparison(models=[model, make_model("b", one_more)]))

    vertical, horizontal, *_ = attributes(section, "polyline")
    ends = [float(pair.partition(",")[0]) for pair in horizontal["points"].split()]
    width = RIGHT - LEFT
    assert ends == pytest.approx(
        [LEFT + width * 12.25 / 50, LEFT + width * 20.5 / 50], abs=0.06
    )
    assert f"a: mIoU {model.number('miou'):.3f} ({known.low:.3f} to" in section
    assert vertical["class"] == "s0"


def test_the_picture_tells_its_points_in_words() -> None:
    svg = draw_points([point("a", 25.0, 0.5, low=0.4, high=0.6)])

    assert attributes(svg, "svg")[0]["aria-label"] == (
        "mIoU against latency. a: mIoU 0.500 (0.400 to 0.600), 25.0 ms"
    )


def test_a_model_without_a_server_is_named_below() -> None:
    models = [
        make_model("served", hard_photos),
        dataclasses.replace(make_model("not served", one_more), figures={}),
    ]

    section = latency_section(Comparison(models=models))

    assert len(attributes(section, "circle")) == 1
    assert "no server was tried with it: not served." in section


def test_without_any_server_there_is_no_picture() -> None:
    models = [
        dataclasses.replace(make_model(name, hard_photos), figures={}) for name in "ab"
    ]

    assert "<svg" not in latency_section(Comparison(models=models))


@pytest.mark.parametrize(
    ("value", "end"), [(1.0, 1.0), (1.01, 2.0), (0.03, 0.05), (7.0, 10.0), (1e4, 1e4)]
)
def test_an_axis_ends_at_the_next_round_number(value: float, end: float) -> None:
    assert nice_end(value) == pytest.approx(end)


def test_names_do_not_lie_on_each_other() -> None:
    heights = [50.0, 49.0, 20.0, 51.0]

    placed = spread_labels(heights, gap=13.0)

    ordered = sorted(placed)
    assert all(low + 13 <= high for low, high in pairwise(ordered))
    assert sorted(range(4), key=lambda i: placed[i]) == sorted(
        range(4), key=lambda i: heights[i]
    )
