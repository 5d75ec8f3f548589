"""Slices that no record holds: conditions of photos, and spoiled copies of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

from components.segmentation_metrics.corruption import Corruption
from components.segmentation_metrics.corruptions import corrupt
from tests.components.segmentation_metrics.drawn_extracts import serialize
from tests.components.segmentation_metrics.plain_loops import oracle
from tests.drawn_squares import SQUARES
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png

pytestmark = pytest.mark.integration

NAMES = ("background", "square")
LEVELS = (10, 30, 90, 120, 200)  # of grey, one photo each
SQUARE_SIDES = (0, 3, 10, 20, 30)
VIEWS = ("front", "rear", "front", "rear", "front")
WORDS = {
    "brightness": ("dark", "dark", "normal", "normal", "bright"),
    "object_size": ("none", "small", "medium", "large", "large"),
    "view": VIEWS,
}
WANTED = [Corruption("blur", 3), Corruption("snow", 1)]


def draw(index: int) -> tuple[np.ndarray, np.ndarray]:
    """A grey photo with a brighter square, and its mask."""
    height, width = 36 + index, 40
    rng = np.random.default_rng(index)
    image = rng.integers(0, 10, (height, width, 3), np.uint8) + np.uint8(LEVELS[index])
    mask = np.zeros((height, width), np.uint8)
    side = SQUARE_SIDES[index]
    mask[2 : 2 + side, 3 : 3 + side] = 1
    image[mask == 1] = 160
    mask[-1] = 255
    return image, mask


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    from tfx.types import standard_artifacts

    folder = tmp_path_factory.mktemp("set")
    path = folder / "Split-test" / "data_tfrecord-00000-of-00001.gz"
    path.parent.mkdir()
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        for index, view in enumerate(VIEWS):
            image, mask = draw(index)
            record = serialize(
                image=encode_rgb_png(image),
                mask__square=encode_mask_png(mask),
                example_id=f"photo_{index}".encode(),
                group_id=f"photo_{index}".encode(),
                orientation=1,
                view=view.encode(),
            )
            writer.write(record)
    artifact = standard_artifacts.Examples()
    artifact.uri, artifact.split_names = str(folder), json.dumps(["test"])
    return artifact


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    from tests.components.segmentation_metrics.rule_models import (
        bright,
        make_model,
        red_only,
    )

    folder = tmp_path_factory.mktemp("models")
    return make_model(folder / "new", bright), make_model(folder / "old", red_only)


@pytest.fixture(scope="module")
def measured(examples, models, tmp_path_factory):
    """The numbers of both models by slice, without and with spoiled copies."""
    from components.model_gate.evaluation_reader import read_evaluation
    from tests.components.segmentation_metrics.rule_models import evaluate

    found = []
    for corruptions in ([], WANTED):
        out_dir = tmp_path_factory.mktemp("evaluation")
        evaluation = evaluate(
            examples,
            *models,
            out_dir,
            slice_features=[*WORDS, "blur"],
            corruptions=corruptions,
        )
        found.append(read_evaluation(evaluation.uri))
    return found


def spoil(index: int, kind: str, strength: int) -> np.ndarray:
    digest = hashlib.sha256(f"photo_{index}".encode()).digest()
    return corrupt(draw(index)[0], kind, strength, int.from_bytes(digest[:8], "big"))


def assert_equal(numbers, images, indices, rule):
    truths = [draw(index)[1] for index in indices]
    expected = oracle(truths, [rule(image).numpy() for image in images], NAMES)
    for name, value in expected.items():
        assert numbers[name] == pytest.approx(value, abs=1e-6, nan_ok=True), name


def test_photos_are_counted_by_the_conditions_they_were_taken_in(measured):
    from tests.components.segmentation_metrics.rule_models import bright

    for found in measured:
        numbers = found["candidate"]
        for feature, words in WORDS.items():
            counts = {
                key[0][1]: slice_numbers["examples"]
                for key, slice_numbers in numbers.items()
                if key and key[0][0] == feature
            }
            assert counts == Counter(words)
            for word in set(words):
                indices = [i for i, value in enumerate(words) if value == word]
                images = [draw(index)[0] for index in indices]
                assert_equal(numbers[(feature, word),], images, indices, bright)
        blurs = [key for key in numbers if key and key[0][0] == "blur"]
        assert sum(numbers[key]["examples"] for key in blurs) == len(LEVELS)


def test_spoiled_copies_are_measured_in_slices_of_their_own(measured):
    from tests.components.segmentation_metrics.rule_models import bright, red_only

    _, found = measured
    indices = range(len(LEVELS))
    for name, rule in (("candidate", bright), ("baseline", red_only)):
        for one in WANTED:
            numbers = found[name][("corruption", one.label),]
            assert numbers["examples"] == len(LEVELS)
            images = [spoil(index, one.kind, one.strength) for index in indices]
            assert_equal(numbers, images, indices, rule)
        clean, spoiled = (
            found[name][key]["miou"] for key in ((), (("corruption", "snow 1"),))
        )
        assert spoiled < clean


def test_with_copies_every_other_number_is_what_it_was(measured):
    without, with_copies = measured
    for name in ("candidate", "baseline"):
        others = {
            key: numbers
            for key, numbers in with_copies[name].items()
            if not (key and key[0][0] == "corruption")
        }
        assert set(with_copies[name]) - set(others) == {
            (("corruption", "blur 3"),),
            (("corruption", "snow 1"),),
        }
        assert set(others) == set(without[name])
        for key, numbers in others.items():
            assert numbers == pytest.approx(without[name][key], abs=1e-9, nan_ok=True)


def steps_of(models, written=None, **changes):
    """The steps' names; `written` are corruptions that stand in a file by hand."""
    import tensorflow_model_analysis as tfma

    from components.segmentation_metrics.eval_config import eval_config
    from components.segmentation_metrics.evaluator_module import custom_extractors

    config = eval_config(task="square", taxonomy=SQUARES.to_dict(), **changes)
    if written:
        metric = config.metrics_specs[0].metrics[0]
        metric.config = json.dumps(json.loads(metric.config) | {"corruptions": written})
    model = tfma.default_eval_shared_model(
        f"{models[0].uri}/Format-Serving", eval_config=config
    )
    return [step.stage_name for step in custom_extractors(model, config, None)]


def test_steps_that_nobody_asked_for_are_not_there(models):
    plain = steps_of(models, slice_features=["view"])
    assert not {"AddConditionFeatures", "AddCorruptedRecords"} & set(plain)
    sliced = steps_of(models, slice_features=["blur"])
    place = sliced.index("ExtractPredictions")
    assert sliced[place - 1] == "AddConditionFeatures"
    assert [*sliced[: place - 1], *sliced[place:]] == plain
    both = steps_of(models, slice_features=["blur"], corruptions=WANTED)
    assert both[place : place + 2] == ["AddCorruptedRecords", "ExtractPredictions"]
    assert [*both[:place], *both[place + 1 :]] == sliced


def test_an_unknown_corruption_is_refused_before_anything_runs(models):
    with pytest.raises(ValueError, match=r"must be one of .*, got 'hail'"):
        steps_of(models, written=[["hail", 2]])
    with pytest.raises(ValueError, match="the strength of 'fog' must be 1 to 5, got 9"):
        steps_of(models, written=[["fog", 9]])
