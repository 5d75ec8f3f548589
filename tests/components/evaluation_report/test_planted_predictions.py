"""Known errors give the known numbers in TFMA's result, `metrics.json` and the page."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.components.evaluation_report.html_checks import Page
from tests.components.evaluation_report.measured_facts import draw_photos, taxonomy_of
from tests.components.segmentation_metrics import plain_measures
from tests.components.segmentation_metrics.plain_loops import oracle

pytestmark = pytest.mark.integration

COSTS = {"automatic": 0.25, "manual": 2.0, "missed": 40.0, "false_alarm": 6.0}
SCORES = {
    "mean image Dice": "mean_image_dice",
    "frequency-weighted IoU": "fw_iou",
    "accuracy: full": "pixel_accuracy",
    "accuracy: object": "foreground_accuracy",
    "accuracy: parts": "parts_accuracy",
}
PHOTOS = draw_photos(24, 3)
TAXONOMY = taxonomy_of(3)
NAMES = [entry["name"] for entry in TAXONOMY["classes"]]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    from tests.components.evaluation_report import planted_run

    root = tmp_path_factory.mktemp("planted")
    return planted_run.run_nodes(root, PHOTOS, TAXONOMY, COSTS)


@pytest.fixture(scope="module")
def page(run) -> Page:
    return Page(run["html"])


def count(photos=PHOTOS, mask="predicted") -> dict[str, float]:
    """All numbers by plain loops."""
    pairs = [(photo.truth, getattr(photo, mask)) for photo in photos]
    scored = [
        (*pair, photo.confidence) for pair, photo in zip(pairs, photos, strict=True)
    ]
    return {
        **oracle(*zip(*pairs, strict=True), NAMES),
        **plain_measures.boundary(pairs, NAMES, 0, 0.02, 0.008),
        **plain_measures.objects(
            pairs,
            NAMES,
            0,
            small_share=0.01,
            large_share=0.1,
            found_share=0.5,
            least_share=0.0,
        ),
        **plain_measures.calibration(scored, 15),
        **plain_measures.overlap_over_classes(pairs, NAMES, 0, rest_id=2),
    }


@pytest.fixture(scope="module")
def known() -> dict[str, float]:
    return count()


def same(found, expected) -> None:
    for name, value in expected.items():
        if math.isnan(value):
            assert found[name] is None or math.isnan(found[name]), name
        else:
            assert found[name] == pytest.approx(value, abs=1e-9), name


def redrawn(masks: list[np.ndarray]) -> np.ndarray:
    """mIoU of 100 splits in which each group stands as often as it was drawn."""
    from components.segmentation_metrics.bootstrap import replicate_weights

    values = []
    for index in range(100):
        ious = []
        for class_id in range(len(NAMES)):
            hit = either = 0
            for photo, mask in zip(PHOTOS, masks, strict=True):
                times = int(replicate_weights(photo.group.encode(), 100)[index])
                counted = photo.truth != 255
                true, said = (photo.truth == class_id), (mask == class_id)
                hit += times * int((true & said & counted).sum())
                either += times * int(((true | said) & counted).sum())
            ious.append(hit / either)
        values.append(sum(ious) / len(ious))
    return np.array(values)


def test_the_evaluation_holds_the_known_numbers(run, known) -> None:
    from components.model_gate.evaluation_reader import read_evaluation

    found = read_evaluation(run["evaluation"])

    same(found["candidate"][()], known)
    same(found["baseline"][()], count(mask="before"))
    rear = [photo for photo in PHOTOS if photo.view == "rear"]
    same(found["candidate"][(("view", "rear"),)], count(rear))
    same(found["candidate"][(("corruption", "fog 4"),)], count(mask="foggy"))


def test_the_file_holds_the_known_numbers(run, known) -> None:
    metrics = run["metrics"]

    same(metrics["metrics"], known)
    assert metrics["notes"] == []
    assert metrics["groups"]["all"] == len({photo.group for photo in PHOTOS})
    slices = {tuple(entry["slice"].items()): entry for entry in metrics["slices"]}
    rear = [photo for photo in PHOTOS if photo.view == "rear"]
    same(slices[(("view", "rear"),)]["metrics"], count(rear))


def test_what_is_left_in_fog_is_the_ratio_of_the_known_numbers(
    run, page, known
) -> None:
    left = count(mask="foggy")["miou"] / known["miou"]

    found = run["metrics"]["relative_performance"]

    assert found["by_corruption"] == pytest.approx({"fog 1": 1.0, "fog 4": left})
    assert found["overall"] == pytest.approx((1 + left) / 2)
    (row,) = [e.text for e in page.all("tr") if e.text.startswith("fog")]
    assert row.startswith("fog100.0 % 100.0")
    assert f"{100 * left:.1f} % " in row


def test_the_interval_is_that_of_redrawn_groups(run, known) -> None:
    from components.segmentation_metrics.bootstrap import interval

    ours = redrawn([photo.predicted for photo in PHOTOS])
    theirs = redrawn([photo.before for photo in PHOTOS])
    groups = len({photo.group for photo in PHOTOS})
    ends, change_ends = interval(ours, groups), interval(ours - theirs, groups)

    metrics = run["metrics"]

    near = pytest.approx
    assert metrics["intervals"]["miou"] == near([ends.low, ends.high], abs=1e-6)
    change = metrics["change"]["miou"]
    assert change["interval"] == near([change_ends.low, change_ends.high], abs=1e-6)
    before = count(mask="before")["miou"]
    assert change["difference"] == near(known["miou"] - before)
    # The gate judged by the same interval.
    (rule,) = [one for one in metrics_rules(run) if one.startswith("miou on all")]
    assert f"{change_ends.low:+.4f} to {change_ends.high:+.4f}" in rule


def metrics_rules(run) -> list[str]:
    page = Page(run["html"])
    return [cell.text for cell in page.all("td") if "on all test photos" in cell.text]


def test_decisions_and_their_costs_are_counted_photo_by_photo(run, page) -> None:
    scored = [(one.truth, one.predicted, one.confidence) for one in PHOTOS]
    found = run["metrics"]["decisions"]
    prices = []
    for row in found["rows"]:
        counts = plain_measures.decisions(
            scored, NAMES, 0, row["confidence"], row["area"]
        )
        manual = counts["manual"]
        price = (
            COSTS["automatic"] * (len(PHOTOS) - manual)
            + COSTS["manual"] * manual
            + COSTS["missed"] * counts["missed"]
            + COSTS["false_alarm"] * counts["false_alarms"]
        ) / len(PHOTOS)
        assert row["auto_share"] == pytest.approx(1 - manual / len(PHOTOS))
        assert row["missed_share"] == counts["missed"] / len(PHOTOS)
        assert row["false_alarm_share"] == counts["false_alarms"] / len(PHOTOS)
        assert row["cost_per_photo"] == pytest.approx(price)
        prices.append(price)
    assert len(set(prices)) > 3
    assert found["cheapest"]["cost_per_photo"] == pytest.approx(min(prices))
    (marked, *_) = [e.text for e in page.all("tr") if "cheapest" in e.text]
    assert marked.startswith(f"{found['cheapest']['confidence']:g} cheapest")


def test_the_page_shows_the_known_numbers(page, known) -> None:
    assert page.problems == []
    cards = [card.text for card in page.all("div", class_="figure")]
    assert cards[0].startswith(f"foreground mIoU{known['foreground_miou']:.3f}")
    assert cards[1].startswith(f"mIoU{known['miou']:.3f}")
    assert "against the live model (95 % interval +" in cards[1]
    sections = {e.attributes.get("id"): e.text for e in page.all("section")}
    for title, name in SCORES.items():
        assert f"{title}{known[name]:.3f} " in sections["scores"]
    for name in NAMES:
        assert f"{name}{known[f'iou/{name}']:.3f} " in sections["classes"]
    for name in NAMES[1:]:
        assert f"{name}{known[f'boundary_iou/{name}']:.3f} " in sections["outlines"]
        recall = 100 * known[f"object_recall_medium/{name}"]
        assert f"{recall:.1f} % " in sections["objects"]
    assert f"calibration error (ECE){known['ece']:.3f} " in sections["calibration"]
    promised = abs(known["overconfidence"])
    assert f"promises {promised:.3f} less than it keeps" in sections["calibration"]


def test_the_reliability_is_that_of_the_pixels(run) -> None:
    scored = [(one.truth, one.predicted, one.confidence) for one in PHOTOS]
    rows = plain_measures.bin_rows(scored, 15)
    pixels = sum(len(row) for row in rows)

    for found, row in zip(run["metrics"]["reliability"], rows, strict=True):
        assert found["share"] == pytest.approx(len(row) / pixels)
        if not row:
            assert found["accuracy"] is None
            continue
        right = sum(is_right for _, is_right in row) / len(row)
        assert found["accuracy"] == pytest.approx(right)


def test_photos_of_the_weakest_slice_are_its_worst(run, page) -> None:
    def score(photo) -> float:
        pair = [(photo.truth, photo.predicted)]
        return oracle(*zip(*pair, strict=True), NAMES)["foreground_miou"]

    by_view = {
        view: count([one for one in PHOTOS if one.view == view])["foreground_miou"]
        for view in ("front", "rear", "side")
    }
    weakest = sorted(by_view, key=by_view.__getitem__)[:2]
    shown = [one for one in run["metrics"]["photos"] if "slice" in one]

    assert {one["slice"]["view"] for one in shown} == set(weakest)
    for view in weakest:
        scores = [score(one) for one in PHOTOS if one.view == view]
        worst = sorted(value for value in scores if not math.isnan(value))[:2]
        found = [
            one["foreground_miou"] for one in shown if one["slice"]["view"] == view
        ]
        assert found == pytest.approx(worst)
    headings = [heading.text for heading in page.all("h4")]
    assert [f"photos with view={view}" for view in weakest] == headings[-2:]
