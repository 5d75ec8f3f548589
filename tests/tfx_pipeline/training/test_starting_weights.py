from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.tfx_pipeline.training.drawn_splits import TINY
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.training.learner import build_network, compile_learner
from tfx_pipeline.training.starting_weights import (
    load_starting_weights,
    starting_weights,
)

DROPOUT = replace(TINY, model=replace(TINY.model, dropout_inner=0.5))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, Path]:
    """A model that was compiled, with files of both kinds beside it."""
    learner = compile_learner(
        build_network(DROPOUT), DROPOUT, total_steps=5, class_pixels=None
    )
    folder = tmp_path_factory.mktemp("weights")
    learner.model.save(folder / "model.keras")
    learner.model.save_weights(folder / "model.weights.h5")
    return learner.model, folder


@pytest.mark.parametrize("name", ["model.keras", "model.weights.h5"])
def test_the_weights_of_a_file_are_taken(
    trained: tuple[keras.Model, Path], name: str
) -> None:
    model, folder = trained
    fresh = build_network(TINY)  # dropout has no weight, so it may differ

    load_starting_weights(fresh, str(folder / name))

    for got, expected in zip(fresh.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("name", ["model.keras", "model.weights.h5"])
@pytest.mark.parametrize(
    ("config", "classes", "difference"),
    [
        (
            TINY.model,
            3,
            r"2 weights differ, the first is \(1, 1, 4, 2\) in layer 'logits' for"
            r" \(1, 1, 4, 3\) in layer 'logits'",
        ),
        (ModelConfig(depth=1, base_width=4), 2, "weights differ, the first is"),
        (ModelConfig(depth=2, base_width=4, norm="none"), 2, "for none; set model"),
    ],
    ids=["classes", "depth", "norm"],
)
def test_weights_of_another_model_are_refused_with_the_first_difference(
    trained: tuple[keras.Model, Path],
    name: str,
    config: ModelConfig,
    classes: int,
    difference: str,
) -> None:
    taxonomy = {"classes": [{}] * classes}
    other = build_network(replace(TINY, model=config, taxonomy=taxonomy))
    path = str(trained[1] / name)

    with pytest.raises(ValueError, match=difference) as refused:
        load_starting_weights(other, path)

    assert path in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["no.keras", "no.weights.h5"])
def test_a_file_that_is_missing_or_no_model_is_refused(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    with pytest.raises(ValueError, match=f"must exist, {path} does not"):
        load_starting_weights(build_network(TINY), str(path))

    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match=f"cannot read weights from {path}"):
        load_starting_weights(build_network(TINY), str(path))


def test_a_base_model_is_found_beside_its_served_form() -> None:
    base = starting_weights("/root/Trainer/model/7/Format-Serving", None)

    assert base == "/root/Trainer/model/7/Format-Keras/model.keras"
    assert starting_weights(None, "/some.weights.h5") == "/some.weights.h5"
    assert starting_weights(None, None) is None


def test_two_starts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"starts from one model.*/m/Format.*a\.keras"):
        starting_weights("/m/Format-Serving", "a.keras")
