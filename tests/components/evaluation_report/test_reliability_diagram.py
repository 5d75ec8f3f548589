from __future__ import annotations

import numpy as np

from components.evaluation_report.reliability_diagram import draw_reliability
from components.segmentation_metrics.calibration import Reliability
from tests.components.evaluation_report.test_page_curves import read

FOUND = Reliability(
    upper=np.array([0.25, 0.5, 0.75, 1.0]),
    share=np.array([0.0, 0.005, 0.395, 0.6]),
    confidence=np.array([np.nan, 0.4, 0.7, 0.9]),
    accuracy=np.array([np.nan, 0.0, 0.5, 1.0]),
)


def test_a_bar_is_as_high_as_its_share_of_right_pixels() -> None:
    bars = [bar.attributes for bar in read(draw_reliability(FOUND)).all("rect")]

    # The plot is 240 x 240 px, its upper left corner at 56, 10; the first bin is empty.
    placed = [(bar["x"], bar["y"], bar["width"], bar["height"]) for bar in bars]
    assert placed == [
        ("116.5", "250.0", "59.0", "0.0"),
        ("176.5", "130.0", "59.0", "120.0"),
        ("236.5", "10.0", "59.0", "240.0"),
    ]


def test_the_diagonal_goes_from_corner_to_corner() -> None:
    (line,) = [
        one
        for one in read(draw_reliability(FOUND)).all("line")
        if one.attributes["class"] == "diagonal"
    ]

    ends = [line.attributes[key] for key in ("x1", "y1", "x2", "y2")]
    assert ends == ["56.0", "250.0", "296.0", "10.0"]


def test_a_bin_of_few_pixels_is_hollow() -> None:
    bars = read(draw_reliability(FOUND)).all("rect")

    assert [bar.attributes["class"] for bar in bars] == [
        "filled rare",
        "filled",
        "filled",
    ]


def test_the_drawing_says_its_numbers_in_words() -> None:
    picture = read(draw_reliability(FOUND)).one("svg").attributes["aria-label"]

    assert picture == (
        "Reliability diagram: confidence 40.0 %, right 0.0 %; confidence 70.0 %, right"
        " 50.0 %; confidence 90.0 %, right 100.0 %"
    )
