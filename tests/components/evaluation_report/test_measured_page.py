"""The page of a binary, an 18-part and a 19-class set, with all that was measured."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from components.evaluation_report.metrics_json import describe_metrics
from components.evaluation_report.page import render_page
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.measurements import Measured, Numbers
from tests.components.evaluation_report.html_checks import Element, Page
from tests.components.evaluation_report.measured_facts import COSTS, Drawn, draw

SETS = {"binary": (2, True), "18 parts": (18, True), "19 classes": (19, False)}


@pytest.fixture(scope="module", params=SETS, ids=lambda name: name.replace(" ", "_"))
def drawn(request) -> Drawn:
    classes, background = SETS[request.param]
    return draw(24, classes, background=background, per_class=2)


@pytest.fixture(scope="module")
def page(drawn: Drawn) -> Page:
    return Page(render_page(drawn.facts))


@pytest.fixture(scope="module")
def binary() -> ReportFacts:
    return draw(24, 2).facts


def section(facts: ReportFacts, key: str) -> str:
    return Page(render_page(facts)).one("section", id=key).text


def with_numbers(facts: ReportFacts, numbers: Numbers) -> ReportFacts:
    measured = dataclasses.replace(facts.measured, numbers=numbers)
    return dataclasses.replace(facts, measured=measured)


def tables(page: Page, section_id: str) -> list[Element]:
    return [
        table
        for table in page.all("table")
        if any(one.attributes.get("id") == section_id for one in table.inside)
    ]


def test_the_page_is_sound_and_small(page: Page) -> None:
    assert page.problems == []
    assert len(page.source.encode()) < 15_000_000


def test_every_class_has_a_row_in_the_tables_of_its_kind(
    drawn: Drawn, page: Page
) -> None:
    foreground = drawn.classes.names[drawn.classes.background_id is not None :]
    rows = {
        key: [
            row.text
            for row in page.all("tr")
            if any(one.attributes.get("id") == key for one in row.inside)
        ]
        for key in ("classes", "outlines", "objects")
    }

    assert len(rows["classes"]) == 1 + len(drawn.classes.names)
    assert len(rows["outlines"]) == len(rows["objects"]) == 2 + len(foreground)
    for name in foreground:
        iou = drawn.facts.whole[f"iou/{name}"]
        assert any(row.startswith(f"{name}{iou:.3f} ") for row in rows["classes"])
        boundary = drawn.facts.whole[f"boundary_iou/{name}"]
        assert any(row.startswith(f"{name}{boundary:.3f} ") for row in rows["outlines"])


def test_every_number_of_a_class_has_an_interval(drawn: Drawn, page: Page) -> None:
    (table,) = tables(page, "classes")
    small = [one for one in page.all("small") if table in one.inside]
    marks = [one for one in small if one.text == "few groups"]
    on_few = [
        name for name in drawn.classes.names if drawn.facts.whole[f"groups/{name}"] < 10
    ]

    # Four scores and the change.
    assert len(small) - len(marks) == 5 * len(drawn.classes.names)
    assert len(marks) == len(on_few)


def test_slices_on_few_groups_are_marked_and_copies_are_no_slices(
    drawn: Drawn, page: Page
) -> None:
    text = page.one("section", id="slices").text

    groups = {view: set() for view in ("front", "rear", "side")}
    for photo in drawn.photos:
        groups[photo.view].add(photo.group)
    on_few = [view for view, found in groups.items() if len(found) < 10]
    assert 0 < len(on_few) < 3
    assert text.count("few groups") == len(on_few)
    assert "fog" not in text


def test_the_gallery_shows_classes_and_then_slices(drawn: Drawn, page: Page) -> None:
    photos = page.one("section", id="photos").text
    shown = [one for one in drawn.facts.photos.choices if one.slice is not None]

    assert photos.index("By class") < photos.index("By slice")
    assert len(shown) == 4
    for choice in shown:
        words = f"{choice.photo.example_id} foreground mIoU {choice.photo.iou:.3f}"
        assert words in photos


def test_without_a_background_no_false_alarm_is_promised(
    drawn: Drawn, page: Page
) -> None:
    has_none = drawn.classes.background_id is None

    decisions = page.one("section", id="decisions").text
    assert ("there can be no false alarm" in decisions) == has_none
    cards = [card.text for card in page.all("div", class_="figure")]
    assert ("all background would have" in cards[2]) != has_none


def test_all_of_it_is_json(drawn: Drawn) -> None:
    metrics = describe_metrics(drawn.facts)

    miou = metrics["metrics"]["miou"]
    low, high = metrics["intervals"]["miou"]
    assert low < miou < high
    assert set(metrics["change"]) == {
        "miou",
        "foreground_miou",
        "pixel_accuracy",
        *(f"iou/{name}" for name in drawn.classes.names),
    }
    assert metrics["groups"]["all"] == 12
    assert sum(row["share"] for row in metrics["reliability"]) == pytest.approx(1)
    assert len(metrics["decisions"]["rows"]) == 56
    assert metrics["decisions"]["cheapest"] is None
    assert list(metrics["relative_performance"]["by_kind"]) == ["fog", "noise"]
    for entry in metrics["slices"]:
        ends = entry["intervals"]["miou"]
        assert ends[0] <= ends[1]


def test_what_was_not_measured_is_said_with_what_to_set(binary: ReportFacts) -> None:
    plain = {key: {"miou": 0.5, "examples": 24.0} for key in ((), (("view", "a"),))}
    facts = dataclasses.replace(
        binary,
        measured=Measured(numbers=plain),
        live=Measured(numbers={}),
        history=None,
    )
    page = Page(render_page(facts))

    assert page.problems == []
    said = {e.attributes.get("id"): e.text for e in page.all("section")}
    assert "measured no outlines" in said["outlines"]
    assert "counted no objects" in said["objects"]
    assert "holds no confidence" in said["calibration"]
    assert "holds no decisions" in said["decisions"]
    assert "set evaluate.corruptions" in said["corruptions"]
    assert "evaluate.bootstrap_replicates" in page.one("main").text
    metrics = describe_metrics(facts)
    for key in ("groups", "change", "reliability", "decisions", "relative_performance"):
        assert metrics[key] is None
    assert metrics["intervals"] == {}


def test_costs_mark_the_cheapest_thresholds_and_missing_ones_are_asked_for(
    binary: ReportFacts,
) -> None:
    with_costs = Page(render_page(dataclasses.replace(binary, costs=COSTS)))
    text = with_costs.one("section", id="decisions").text

    best = describe_metrics(dataclasses.replace(binary, costs=COSTS))["decisions"]
    price = best["cheapest"]["cost_per_photo"]
    assert price == min(row["cost_per_photo"] for row in best["rows"])
    assert f"{price:.4g} per photo" in text
    assert "manual 2, missed 50, false alarm 5" in text
    marks = [one for one in with_costs.all("b") if one.text == "cheapest"]
    assert len(marks) == 2  # in the short table and among all pairs
    without = section(binary, "decisions")
    assert "set evaluate.costs" in without and "cost per photo#" not in without


def test_the_temperature_is_told_with_what_it_changed(binary: ReportFacts) -> None:
    text = section(binary, "calibration")

    assert "by the temperature 1.5, fitted on 123,456 pixels" in text
    assert "ECE went from 0.080 to 0.020" in text
    plain = dataclasses.replace(binary, history={"epochs": []})
    assert "fitted no temperature" in section(plain, "calibration")


@pytest.mark.parametrize(
    ("gap", "words"),
    [(0.05, "0.050 more than it keeps"), (-0.05, "0.050 less"), (0.0, "as much as")],
)
def test_over_and_underconfidence_are_told_apart(
    binary: ReportFacts, gap: float, words: str
) -> None:
    numbers = {(): {**binary.whole, "overconfidence": gap}}

    assert words in section(with_numbers(binary, numbers), "calibration")


def test_a_class_on_few_groups_is_marked(binary: ReportFacts) -> None:
    numbers = {(): {**binary.whole, "groups/part 1": 9.0}}

    text = section(with_numbers(binary, numbers), "classes")

    assert text.count("few groups") == 1
    assert "9 few groups" in text


def test_what_was_found_of_a_size_tells_its_own_groups(binary: ReportFacts) -> None:
    own = "groups/object_recall_medium/part 1"
    numbers = {(): {**binary.whole, own: 7.0, "groups/part 1": 20.0}}

    text = section(with_numbers(binary, numbers), "objects")

    assert " in groups: 7 few groups" in text
    assert text.endswith("20")


def test_the_interval_of_a_slice_is_its_own(binary: ReportFacts) -> None:
    key = (("view", "front"),)
    replicates = binary.measured.replicates
    drawn = {**replicates[key], "miou": np.full(100, 0.25)}
    measured = dataclasses.replace(
        binary.measured, replicates={**replicates, key: drawn}
    )
    facts = dataclasses.replace(binary, measured=measured)

    assert "0.250\N{EN DASH}0.250" in section(facts, "slices")
    assert "0.250\N{EN DASH}0.250" not in section(binary, "slices")
