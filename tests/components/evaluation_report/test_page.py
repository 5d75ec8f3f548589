from __future__ import annotations

import base64
import dataclasses
import io
import re

import numpy as np
import pytest
from PIL import Image

from components.evaluation_report.page import render_page
from components.evaluation_report.page_photos import within_budget
from components.evaluation_report.report_facts import InputArtifact
from tests.components.dataset_auditor.drawn_records import draw_mask
from tests.components.evaluation_report.html_checks import Page
from tests.components.evaluation_report.made_facts import (
    TAXONOMY,
    VERDICT,
    make_facts,
    predicted_mask,
)

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_page(make_facts()))


def row(page: Page, header: str) -> str:
    """Text of the first table row that begins with a header."""
    (text, *_) = [e.text for e in page.all("tr") if e.text.startswith(header)]
    return text


def test_the_verdict_comes_first_and_names_who_decided(page: Page) -> None:
    main = page.one("main").text

    assert main.startswith("Blessed: the model may go live")
    assert "Gate: passedPackager: passedServing check: passed" in main
    assert page.all("title")[0].text == "Evaluation: car (blessed)"


def test_the_reasons_of_the_node_that_refused_stand_before_any_number() -> None:
    said_by_gate = ["It says nothing.", "It is a constant."]
    facts = make_facts(
        verdict=VERDICT | {"blessed": False, "reasons": said_by_gate},
        package={"packaged": False, "reasons": ["not blessed", *said_by_gate]},
        validation={"blessed": False, "reasons": ["The model is not packaged."]},
    )

    main = Page(render_page(facts)).one("main").text

    assert main.startswith("Refused for 2 reasons")
    said = main[: main.index("foreground mIoU")]
    assert said.count("It says nothing.") == said.count("It is a constant.") == 1
    assert "not packaged" not in said
    assert "Packager: not run" in said


def test_the_headline_holds_accuracy_beside_what_all_background_would_have(
    page: Page,
) -> None:
    # 4 photos of 96 x 64: the car has 32 x 16 px, the bumper 8 x 8; missed are 48
    # columns of 16 px.
    pixels, foreground, missed = 4 * 6144, 4 * (512 + 64), 48 * 16
    cards = [entry.text for entry in page.all("div", class_="figure")]

    car, background = (
        (2048 - missed) / 2048,
        (pixels - foreground) / (pixels - foreground + missed),
    )
    assert f"foreground mIoU{(car + 1) / 2:.3f}" in cards[0]
    assert f"mIoU{(car + 1 + background) / 3:.3f}" in cards[1]
    assert f"pixel accuracy{100 * (pixels - missed) / pixels:.1f} %" in cards[2]
    assert f"{100 * (pixels - foreground) / pixels:.1f} %" in cards[2]
    assert cards[3].startswith("test photos4")


def test_a_class_has_its_numbers_and_a_bar_of_that_length(page: Page) -> None:
    # IoU and recall 1280 / 2048, Dice 2 * 1280 / (2048 + 1280), precision 1.
    assert row(page, "car0.") == "car0.6250.7691.0000.625-2,0488.3 %"
    bars = [bar.attributes["width"] for bar in page.all("rect")]
    assert bars[1:] == ["62.5", "100.0"]


def test_the_confusion_matrix_shows_shares_and_tells_counts(page: Page) -> None:
    titles = [cell.attributes.get("title", "") for cell in page.all("td")]

    assert "car seen as background: 768 px (37.5 %)" in titles
    assert row(page, "car37.5") == "car37.562.50"
    assert "void or unknown" not in page.one("main").text


def test_predicted_void_gets_a_column() -> None:
    facts = make_facts()
    matrix = facts.matrix.copy()
    matrix[1, -1] = 5

    page = Page(render_page(dataclasses.replace(facts, matrix=matrix)))

    titles = [cell.attributes.get("title", "") for cell in page.all("td")]
    assert "car seen as void or unknown: 5 px (0.2 %)" in titles


def test_photos_stand_worst_first_with_their_iou(page: Page) -> None:
    captions = [entry.text for entry in page.all("figcaption")]

    # Of the car: 24, 16 missed columns are worst; the median lies between 16 and 8.
    assert captions[:4] == [
        "car_24 car IoU 0.250",
        "car_16 car IoU 0.500",
        "car_08 car IoU 0.750",
        "car_00 car IoU 1.000",
    ]


def test_the_embedded_masks_are_those_of_photo_and_model(page: Page) -> None:
    def mask(words: str) -> np.ndarray:
        source = page.all("img", alt=f"{words} of car_24")[0].attributes["src"]
        picture = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2])))
        assert picture.mode == "P"
        return np.asarray(picture)

    assert (mask("true mask") == draw_mask()).all()
    assert (mask("predicted mask") == predicted_mask(24)).all()
    assert (mask("errors") == 2).sum() == 24 * 16


def test_every_photo_can_be_switched_by_keyboard_without_the_script(
    page: Page,
) -> None:
    names = {entry.attributes["name"] for entry in page.all("input")}

    for name in names:
        views = [entry.attributes for entry in page.all("input", name=name)]
        assert [view["value"] for view in views] == [
            "photo",
            "truth",
            "prediction",
            "errors",
        ]
        assert sum("checked" in view for view in views) == 1
        assert {view["type"] for view in views} == {"radio"}
    assert len(names) == len(page.all("div", role="radiogroup")) == 8
    assert "hidden" in page.one("div", id="views").attributes


def test_pictures_over_the_budget_are_left_out_lowest_ranks_first() -> None:
    facts = make_facts(missed=(0, 8, 16, 24), per_class=2)
    all_of_them = within_budget(facts)
    sizes = {
        choice: layers.base64_bytes(choice.class_id)
        for choice, layers in all_of_them.items()
    }
    first = sum(size for choice, size in sizes.items() if choice.rank == 0)

    kept = within_budget(facts, budget=first)

    assert len(all_of_them) == 8
    assert set(kept) == {choice for choice in sizes if choice.rank == 0}


def test_the_page_stays_below_15_mb_whatever_the_photos_weigh() -> None:
    facts = make_facts(missed=tuple(range(24)), per_class=12)
    heavy = {
        key: dataclasses.replace(layers, photo=layers.photo + "A" * 400_000)
        for key, layers in facts.photos.layers.items()
    }
    photos = dataclasses.replace(facts.photos, layers=heavy)

    page = render_page(dataclasses.replace(facts, photos=photos))

    assert len(facts.photos.choices) == 48
    assert 10_000_000 < len(page.encode()) < 15_000_000
    assert "picture left out" in page


def test_hostile_names_and_reasons_are_text_and_nothing_else() -> None:
    first, _, third = TAXONOMY["classes"]
    taxonomy = TAXONOMY | {
        "task": HOSTILE,
        "classes": [first, {"id": 1, "name": HOSTILE, "rgb": [1, 2, 3]}, third],
    }
    facts = make_facts(
        taxonomy=taxonomy,
        prefix=HOSTILE,
        verdict={
            "blessed": False,
            "reasons": [HOSTILE],
            "rules": [{"rule": HOSTILE, "passed": False, "sentence": HOSTILE}],
        },
        audit={
            "blessed": False,
            "reasons": [HOSTILE],
            "splits": {HOSTILE: {}},
            "finding_counts": {HOSTILE: 1},
        },
        validation={"reasons": [HOSTILE], HOSTILE: 3},
        history={"epochs": [{HOSTILE: 1.0}], HOSTILE: 1},
        lineage={HOSTILE: HOSTILE, "config": {HOSTILE: [HOSTILE]}},
        artifacts=[InputArtifact(channel=HOSTILE, type_name=HOSTILE, mlmd_id=1)],
    )
    numbers = {**facts.measured.numbers, ((HOSTILE, HOSTILE),): facts.whole}
    measured = dataclasses.replace(facts.measured, numbers=numbers)

    page = Page(render_page(dataclasses.replace(facts, measured=measured)))

    assert page.problems == []
    assert len(page.all("script")) == 1
    assert "onerror" not in {key for e in page.elements for key in e.attributes}
    assert page.one("main").text.count(HOSTILE) > 20


def test_what_earlier_nodes_left_out_is_said() -> None:
    facts = make_facts(history=None, audit=None, package=None, validation=None)

    page = Page(render_page(facts))

    assert page.problems == []
    sections = {e.attributes.get("id"): e.text for e in page.all("section")}
    assert "left no history" in sections["training"]
    assert "no audit" in sections["audit"]
    assert "the model was not packaged" in sections["serving"]


def test_the_serving_check_shows_every_figure(page: Page) -> None:
    assert row(page, "load s") == "load s1.25"
    assert row(page, "rest.p95 ms") == "rest.p95 ms9.75"


def test_lineage_shows_ids_fingerprints_and_configuration(page: Page) -> None:
    text = page.one("section", id="lineage").text

    assert row(page, "modelModel") == "modelModel17"
    assert "data fingerprint: abc123" in text
    assert row(page, "keras") == "keras3.6.0"
    assert '"epochs": 3' in page.one("pre").text


def test_a_difference_to_the_evaluator_is_said_at_the_top() -> None:
    facts = make_facts()
    matrix = facts.matrix.copy()
    matrix[0, 0] += 7
    matrix[0, 1] -= 0
    matrix[1, 1] -= 7

    main = Page(render_page(dataclasses.replace(facts, matrix=matrix))).one("main").text

    assert "in about 7 of 24,576 pixels (4 photos here)" in main
    assert "differ" not in Page(render_page(facts)).one("main").text


def test_the_largest_confusions_are_listed_with_their_pixels(page: Page) -> None:
    (table,) = [e for e in page.all("table") if e.text.startswith("The largest")]

    # 48 of the car's columns of 16 px were missed, and nothing else is wrong.
    assert table.text.endswith("carbackground76837.5 %")


def test_rules_that_carry_colour_exist_for_every_class(page: Page) -> None:
    style = page.one("style").text

    assert ".c1 { background: rgb(0,0,142); }" in style
    for element in page.elements:
        for name in element.attributes.get("class", "").split():
            if re.fullmatch(r"[chs]\d+", name):
                assert f".{name} {{" in style
