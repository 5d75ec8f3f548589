"""The comparison's page as a browser reads it."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from components.evaluation_report.number_text import between
from components.run_comparison.compared_model import ComparedModel
from components.run_comparison.comparison import Comparison
from components.run_comparison.comparison_json import compared_numbers
from components.run_comparison.differences import difference
from components.run_comparison.disputed_photo import Dispute, DisputedPhoto
from components.run_comparison.page import render_page
from components.run_comparison.page_disputes import PICTURES_BYTES
from tests.components.evaluation_report.html_checks import Page
from tests.components.run_comparison.made_models import (
    TAXONOMY,
    hard_photos,
    make_model,
    one_more,
)

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
FIRST = make_model("first run", hard_photos)
WORSE = make_model("second run", one_more, refused_by="gate", reasons=("Too bad.",))


def shown(name: str = "photo 1", models: int = 2, photo: str = "ZZ") -> DisputedPhoto:
    return DisputedPhoto(
        example_id=name,
        dispute=Dispute(share=0.125, right=(0.75,) + (0.25,) * (models - 1)),
        width_px=64,
        height_px=48,
        photo=photo,
        truth="dHJ1dGg=",
        masks=tuple(
            base64.b64encode(bytes([index])).decode() for index in range(models)
        ),
        disputed="d2hv",
    )


def render(
    models: Sequence[ComparedModel] = (FIRST, WORSE),
    photos: Sequence[DisputedPhoto] = (),
    **changes: object,
) -> Page:
    changes = {"photos_asked": 48 if photos else 0} | changes
    return Page(render_page(Comparison(models=models, photos=photos, **changes)))


@pytest.fixture(scope="module")
def page() -> Page:
    return render(photos=[shown(), shown("photo 2")])


def rows(page: Page, section: str) -> list[str]:
    """Text of the table rows of a section that are not of its head."""
    text = page.one("section", id=section).text
    return [row.text for row in page.all("tr") if row.text in text][1:]


def test_the_page_is_sound_and_asks_for_nothing(page: Page) -> None:
    assert page.problems == []
    assert page.one("title").text == "Comparison: first run / second run"


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [
        int(element.name[1])
        for element in page.elements
        if re.fullmatch(r"h[1-6]", element.name)
    ]

    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1


def test_what_is_shown_stands_first_with_its_interval(page: Page) -> None:
    found = difference(WORSE, FIRST, "miou")
    assert found.interval is not None

    main = page.one("main").text

    assert main.startswith(
        "2 models comparedsecond run is worse than first run: mIoU"
        f" {found.change:+.4f}, 95 % interval {found.interval.low:+.4f} to"
        f" {found.interval.high:+.4f}."
    )
    assert "the same 48 test photos in 24 groups" in main


def test_no_difference_and_too_few_groups_are_said_in_words() -> None:
    same = dataclasses.replace(WORSE, measured=FIRST.measured)
    few = list(range(8))
    one, other = (make_model(name, hard_photos, few) for name in "ab")

    assert "Between second run and first run no difference is shown: mIoU +0.0000" in (
        render([FIRST, same]).one("main").text
    )
    assert "Whether b or a is better is not known, for there are too few groups" in (
        render([one, other]).one("main").text
    )


def test_without_replicates_the_change_stands_alone() -> None:
    models = [make_model(name, hard_photos, replicates=0) for name in "ab"]

    page = render(models)

    assert page.problems == []
    assert "for the evaluations redrew no test photos: mIoU +0.0000." in (
        page.one("main").text
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("mean image Dice", "mean_image_dice"),
        ("frequency-weighted IoU", "fw_iou"),
        ("accuracy: object", "foreground_accuracy"),
    ],
)
def test_scores_of_the_whole_split_stand_with_their_intervals(
    page: Page, title: str, name: str
) -> None:
    found = difference(WORSE, FIRST, name)
    known = found.interval, FIRST.interval(name), WORSE.interval(name)
    assert all(known)
    (row,) = [text for text in rows(page, "scores") if text.startswith(title)]

    values = [
        f"{model.number(name):.3f} {between(model.interval(name))}"
        for model in (FIRST, WORSE)
    ]
    assert row == (
        f"{title}24{''.join(values)}{found.change:+.4f}"
        f"{found.interval.low:+.4f} to {found.interval.high:+.4f}worse"
    )
    assert name in compared_numbers(Comparison(models=[FIRST, WORSE]))


def test_each_class_has_its_own_difference(page: Page) -> None:
    found = difference(WORSE, FIRST, "iou/car")
    assert found.interval is not None
    (row,) = [text for text in rows(page, "classes") if text.startswith("car")]

    assert row == (
        f"car24{FIRST.number('iou/car'):.3f}{WORSE.number('iou/car'):.3f}"
        f"{found.change:+.4f}{found.interval.low:+.4f} to {found.interval.high:+.4f}"
        "worse"
    )


def test_each_other_model_has_its_own_tables() -> None:
    third = dataclasses.replace(WORSE, name="third run")

    page = render([FIRST, WORSE, third])

    titles = [element.text for element in page.all("h3")]
    assert titles.count("second run against first run") == 3
    assert titles.count("third run against first run") == 3


def test_refusals_are_told_beside_the_table(page: Page) -> None:
    text = page.one("section", id="models").text

    assert "refused by the gate" in text
    assert text.endswith("second run: Too bad.")


def test_a_photo_has_a_view_for_truth_each_model_and_who_is_right(page: Page) -> None:
    views = [entry.attributes for entry in page.all("input", name="p0")]

    assert [view["value"] for view in views] == [
        "photo",
        "truth",
        "model-0",
        "model-1",
        "disputed",
    ]
    assert [view["value"] for view in views if "checked" in view] == ["disputed"]
    pictures = [entry.attributes["alt"] for entry in page.all("img")]
    assert pictures[:5] == [
        "photo photo 1",
        "true mask, photo 1",
        "mask of first run, photo 1",
        "mask of second run, photo 1",
        "map of who is right, photo 1",
    ]
    style = page.one("style").text
    for view in ("model-0", "model-1", "disputed"):
        assert f".to-{view}:checked ~ .stack .{view}" in style


def test_the_caption_says_how_much_is_disputed_and_who_is_right(page: Page) -> None:
    (caption, _) = [entry.text for entry in page.all("figcaption")]

    assert caption == (
        "photo 1 12.5 % disputed; right there: first run 75.0 %, second run 25.0 %"
    )


def test_every_colour_of_the_legend_has_a_rule(page: Page) -> None:
    style = page.one("style").text

    for element in page.elements:
        for name in element.attributes.get("class", "").split():
            if re.fullmatch(r"[cd]\d+", name):
                assert f".{name} {{" in style


def test_the_page_stays_below_15_mb_whatever_the_photos_weigh() -> None:
    heavy = "A" * 900_000

    text = render_page(
        Comparison(
            models=[FIRST, WORSE],
            photos=[shown(f"photo {index}", photo=heavy) for index in range(30)],
            photos_asked=48,
        )
    )

    assert 10_000_000 < len(text.encode()) < 15_000_000
    pictured = Page(text).all("img", class_="photo")
    assert len(pictured) == PICTURES_BYTES // shown(photo=heavy).base64_bytes
    assert text.count("picture left out") == 30 - len(pictured)


def test_masks_that_are_the_same_and_photos_nobody_asked_about_are_said() -> None:
    assert "about 48 test photos again: their masks are the same." in (
        render(photos_asked=48).one("section", id="photos").text
    )
    assert "were not asked about photos" in (render().one("section", id="photos").text)


def test_hostile_names_are_text_and_nothing_else() -> None:
    first, _, third = TAXONOMY["classes"]
    taxonomy = TAXONOMY | {
        "task": HOSTILE,
        "dataset": HOSTILE,
        "classes": [first, {"id": 1, "name": HOSTILE, "rgb": [1, 2, 3]}, third],
    }
    models = [
        dataclasses.replace(
            model,
            name=HOSTILE + name,
            network=HOSTILE,
            reasons=(HOSTILE,),
            refused_by=HOSTILE,
            test=dataclasses.replace(model.test, taxonomy=taxonomy),
        )
        for name, model in {"a": FIRST, "b": WORSE}.items()
    ]

    page = render(models, [shown(HOSTILE)], notes=[HOSTILE])

    assert page.problems == []
    assert len(page.all("script")) == 1
    assert "onerror" not in {key for e in page.elements for key in e.attributes}
    assert page.one("main").text.count(HOSTILE) > 20
