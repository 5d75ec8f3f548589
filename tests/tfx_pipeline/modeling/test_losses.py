"""The loss equals a plain loop, and void pixels do not exist for it."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from tests.tfx_pipeline.modeling.oracle import cross_entropy_dice
from tfx_pipeline.modeling.losses import CrossEntropyDice

CLASSES = 4


def drawn(seed: int, *, absent: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Labels [2, 5, 6] with void, and logits."""
    rng = np.random.default_rng(seed)
    mask_ids = rng.choice([0, 1, 2, 3, 255], size=(2, 5, 6))
    if absent is not None:
        mask_ids[mask_ids == absent] = 255
    return mask_ids, rng.normal(0, 2, (2, 5, 6, CLASSES)).astype(np.float32)


@pytest.mark.parametrize("absent", [None, 0, 2], ids=["all", "no_0", "no_2"])
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"ce_weight": 0.0},
        {"dice_weight": 0.0},
        {"ce_weight": 0.3, "dice_weight": 2.0, "class_weights": [0.1, 1, 5, 2]},
    ],
    ids=["both", "dice", "ce", "weighted"],
)
def test_the_loss_equals_a_plain_loop(arguments: dict, absent: int | None) -> None:
    mask_ids, logits = drawn(3, absent=absent)

    value = float(CrossEntropyDice(**arguments)(mask_ids.astype(np.uint8), logits))

    assert value == pytest.approx(
        cross_entropy_dice(mask_ids, logits, **arguments), abs=1e-5
    )


def test_a_loss_worked_out_on_paper() -> None:
    mask_ids = np.array([[[0, 1]]])
    logits = np.log([[[[0.75, 0.25], [0.5, 0.5]]]]).astype(np.float32)

    # CE: (ln 4/3 + ln 2) / 2. Dice of 0: 2 x .75 / (1 + 1.25); of 1: 1 / (1 + .75).
    ce = (np.log(4 / 3) + np.log(2)) / 2
    dice = 1 - (1.5 / 2.25 + 1 / 1.75) / 2
    assert float(CrossEntropyDice()(mask_ids, logits)) == pytest.approx(ce + dice)


def test_over_images_it_is_the_mean_of_the_pictures_and_splits_over_devices() -> None:
    mask_ids, logits = drawn(5)
    mask_ids[1, :2] = 255
    loss = CrossEntropyDice(over="image")

    per_image = [
        cross_entropy_dice(mask_ids[i : i + 1], logits[i : i + 1]) for i in range(2)
    ]

    assert float(loss(mask_ids, logits)) == pytest.approx(np.mean(per_image), abs=1e-5)
    halves = [float(loss(mask_ids[i : i + 1], logits[i : i + 1])) for i in range(2)]
    assert np.mean(halves) == pytest.approx(float(loss(mask_ids, logits)), abs=1e-6)


@pytest.mark.parametrize("over", ["batch", "image"])
def test_void_pixels_have_no_gradient_and_the_others_do(over: str) -> None:
    mask_ids, logits = drawn(7)
    scores = tf.Variable(logits)

    with tf.GradientTape() as tape:
        value = CrossEntropyDice(over=over)(mask_ids, scores)
    gradient = tape.gradient(value, scores).numpy()

    assert np.all(gradient[mask_ids == 255] == 0)
    assert np.all(np.abs(gradient[mask_ids != 255]).max(axis=-1) > 0)


@pytest.mark.parametrize("over", ["batch", "image"])
def test_a_batch_that_is_all_void_gives_zero_and_finite_gradients(over: str) -> None:
    scores = tf.Variable(np.full((2, 4, 4, 3), 1e4, np.float32))

    with tf.GradientTape() as tape:
        value = CrossEntropyDice(over=over)(np.full((2, 4, 4), 255), scores)

    assert float(value) == 0
    assert np.all(tape.gradient(value, scores).numpy() == 0)


def test_what_a_void_pixel_predicts_does_not_matter() -> None:
    mask_ids, logits = drawn(9)
    other = logits.copy()
    other[mask_ids == 255] = 50 * np.eye(CLASSES)[1]

    loss = CrossEntropyDice()

    assert float(loss(mask_ids, other)) == float(loss(mask_ids, logits))


def test_an_id_that_is_no_class_counts_as_void() -> None:
    mask_ids, logits = drawn(11)
    stray = np.where(mask_ids == 255, 77, mask_ids)

    loss = CrossEntropyDice()

    assert float(loss(stray, logits)) == float(loss(mask_ids, logits))


def test_huge_logits_stay_finite() -> None:
    logits = np.zeros((1, 2, 2, 2), np.float32)
    logits[..., 0] = 1e4
    scores = tf.Variable(logits)

    with tf.GradientTape() as tape:
        value = CrossEntropyDice()(np.ones((1, 2, 2)), scores)

    assert float(value) == pytest.approx(1e4 + 1)
    assert np.all(np.isfinite(tape.gradient(value, scores).numpy()))


@pytest.mark.parametrize(
    ("mask_shape", "classes", "arguments", "sentence"),
    [
        ((1, 2, 2), 1, {}, "2 or more classes, got 1"),
        ((1, 2, 2, 1), 2, {}, "drop the channel axis"),
        ((1, 2, 2), 3, {"class_weights": [1, 2]}, "one value per class, got 2 for 3"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    mask_shape: tuple[int, ...], classes: int, arguments: dict, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        CrossEntropyDice(**arguments)(
            np.zeros(mask_shape), np.zeros((1, 2, 2, classes), np.float32)
        )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"over": "pixel"}, "over must be batch or image, got 'pixel'"),
        ({"class_weights": [1, -1]}, "0 or more, got"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        CrossEntropyDice(**arguments)
