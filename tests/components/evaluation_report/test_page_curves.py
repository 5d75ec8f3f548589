from __future__ import annotations

from components.evaluation_report.markup import Html, tag
from components.evaluation_report.page_curves import draw_chart, training_section
from tests.components.evaluation_report.html_checks import Page
from tests.components.evaluation_report.made_facts import HISTORY, make_facts


def read(chart: Html) -> Page:
    """The chart alone; the checks of a whole page are not asked."""
    head = (
        '<style></style><script></script><meta http-equiv="Content-Security-Policy"'
        ' content="">'
    )
    return Page(head + tag("div", chart))


def points(chart: Html) -> list[list[tuple[float, float]]]:
    return [
        [
            (float(x), float(y))
            for x, y in (pair.split(",") for pair in line.attributes["points"].split())
        ]
        for line in read(chart).all("polyline")
    ]


def test_points_lie_where_the_numbers_put_them() -> None:
    (line,) = points(draw_chart("Score", {"a": [0.0, 0.5, 1.0]}, None))

    # The plot is 300 x 166 px, its upper left corner at 52, 10.
    assert line == [(52.0, 176.0), (202.0, 93.0), (352.0, 10.0)]


def test_a_missing_number_is_a_gap_and_a_lonely_one_a_dot() -> None:
    chart = draw_chart("Loss", {"a": [1.0, 0.5, None, 0.25, None, 1.0, 0.5]}, None)

    assert [len(line) for line in points(chart)] == [2, 2]
    (dot,) = read(chart).all("circle")
    assert dot.attributes["cx"] == "202.0"


def test_one_epoch_is_a_dot_in_the_middle_and_no_division_by_zero() -> None:
    (dot,) = read(draw_chart("Loss", {"a": [0.0]}, 1)).all("circle")

    assert (dot.attributes["cx"], dot.attributes["cy"]) == ("202.0", "176.0")


def test_the_best_epoch_is_marked() -> None:
    chart = draw_chart("Score", {"a": [0.1, 0.9, 0.2, 0.3]}, 2)

    (mark,) = [
        line for line in read(chart).all("line") if line.attributes["class"] == "best"
    ]
    assert mark.attributes["x1"] == "152.0"


def test_losses_scores_and_rates_have_charts_of_their_own() -> None:
    page = read(training_section(make_facts(history=HISTORY)))

    assert [entry.text for entry in page.all("figcaption")] == [
        "Loss losseval loss",
        "Score eval miou",
        "Learning rate learning rate",
    ]
    labels = [picture.attributes["aria-label"] for picture in page.all("svg")]
    assert labels[1] == "Score over 3 epochs: eval miou from 0.25 to 0.5"
    assert [e.text for e in page.all("tr") if e.text.startswith("parameters")] == [
        "parameters1,234,567"
    ]


def test_a_series_without_any_number_draws_nothing() -> None:
    assert draw_chart("Loss", {"a": [None, None]}, None) == ""
