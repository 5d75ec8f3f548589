"""The temperature is what labels were drawn with, its numbers are those of loops."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tfx_pipeline.training.temperature import (
    HIGHEST,
    LOWEST,
    Calibration,
    fit_temperature,
)


def drawn(
    temperature: float, *, rows: int = 30_000, classes: int = 4, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Logits z, and labels drawn with the chances softmax(z / temperature)."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(rows, classes)) * 4 * temperature
    # The highest of z / T + Gumbel noise is distributed as softmax(z / T).
    noisy = logits / temperature + rng.gumbel(size=logits.shape)
    return logits.astype(np.float32), noisy.argmax(axis=1).astype(np.uint8)


def scores_by_hand(row: np.ndarray, temperature: float) -> list[float]:
    powers = [math.exp(float(logit) / temperature) for logit in row]
    return [power / sum(powers) for power in powers]


def nll_by_hand(logits: np.ndarray, ids: np.ndarray, temperature: float) -> float:
    losses = [
        -math.log(scores_by_hand(row, temperature)[true])
        for row, true in zip(logits, ids, strict=True)
    ]
    return sum(losses) / len(losses)


def ece_by_hand(logits: np.ndarray, ids: np.ndarray, temperature: float) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row, true in zip(logits, ids, strict=True):
        scores = scores_by_hand(row, temperature)
        highest = max(scores)
        (number,) = (k for k in range(15) if k / 15 < highest <= (k + 1) / 15)
        bins.setdefault(number, []).append((highest, scores.index(highest) == true))
    error = 0.0
    for entries in bins.values():
        mean_score = sum(score for score, _ in entries) / len(entries)
        accuracy = sum(hit for _, hit in entries) / len(entries)
        error += len(entries) / len(ids) * abs(mean_score - accuracy)
    return error


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_that_labels_were_drawn_with_is_found(
    temperature: float,
) -> None:
    found = fit_temperature(*drawn(temperature))

    assert found.temperature == pytest.approx(temperature, rel=0.02)
    assert found.ece_after < 0.01
    if temperature != 1.0:
        assert found.ece_before > 0.04
        assert found.nll_after < found.nll_before - 0.01


def test_calibrating_once_more_changes_nothing() -> None:
    logits, ids = drawn(2.5)
    once = fit_temperature(logits, ids)

    again = fit_temperature((logits / once.temperature).astype(np.float32), ids)

    assert again.temperature == pytest.approx(1, abs=1e-5)
    assert again.nll_before == pytest.approx(once.nll_after, abs=1e-7)


def test_the_numbers_are_those_of_plain_loops() -> None:
    logits, ids = drawn(1.7, rows=300, seed=3)

    found = fit_temperature(logits, ids)

    assert found.pixels == 300
    for temperature, nll, ece in (
        (1.0, found.nll_before, found.ece_before),
        (found.temperature, found.nll_after, found.ece_after),
    ):
        assert nll == pytest.approx(nll_by_hand(logits, ids, temperature), abs=1e-9)
        assert ece == pytest.approx(ece_by_hand(logits, ids, temperature), abs=1e-9)
    # No temperature beside it is better.
    for factor in (0.9, 0.99, 1.01, 1.1):
        beside = nll_by_hand(logits, ids, found.temperature * factor)
        assert beside > found.nll_after


def test_more_rows_than_a_chunk_are_one_split() -> None:
    logits, ids = drawn(2.0, rows=20_000)
    order = np.random.default_rng(1).permutation(len(ids))

    found, shuffled = (
        fit_temperature(logits, ids),
        fit_temperature(logits[order], ids[order]),
    )

    assert shuffled.temperature == pytest.approx(found.temperature, rel=1e-6)
    assert shuffled.ece_before == pytest.approx(found.ece_before, abs=1e-9)
    exact = logits.astype(np.float64)
    scores = np.exp(exact) / np.exp(exact).sum(axis=1, keepdims=True)
    nll = -np.log(scores[np.arange(len(ids)), ids]).mean()
    assert found.nll_before == pytest.approx(nll, abs=1e-9)


def test_void_and_rows_that_are_no_numbers_do_not_count() -> None:
    logits, ids = drawn(2.5, rows=500)
    expected = fit_temperature(logits, ids)
    strange = np.array([[0, 1, 2, 3]] * 5, np.float32)
    strange[2, 1], strange[3, 0], strange[4, 3] = np.nan, np.inf, -np.inf

    found = fit_temperature(
        np.concatenate([strange, logits]),
        np.concatenate([np.array([255, 4, 0, 0, 0], np.uint8), ids]),
    )

    assert found == expected
    assert found.pixels == 500


@pytest.mark.parametrize(
    ("right", "temperature"), [(True, LOWEST), (False, HIGHEST)], ids=["all", "none"]
)
def test_a_split_without_a_mistake_or_a_hit_stops_at_the_bound(
    right: bool, temperature: float
) -> None:
    logits, _ = drawn(1.0, rows=50)
    ids = (logits if right else -logits).argmax(axis=1).astype(np.uint8)

    found = fit_temperature(logits, ids)

    assert found.temperature == pytest.approx(temperature, rel=1e-5)


@pytest.mark.parametrize(
    ("logits", "ids"),
    [
        (np.zeros((9, 3), np.float32), np.arange(9, dtype=np.uint8) % 3),
        (np.ones((9, 1), np.float32), np.zeros(9, np.uint8)),
        (np.eye(3, dtype=np.float32) * 1e30, np.arange(3, dtype=np.uint8)),
    ],
    ids=["knows_nothing", "one_class", "certain"],
)
def test_where_no_temperature_is_better_the_scores_stay(
    logits: np.ndarray, ids: np.ndarray
) -> None:
    found = fit_temperature(logits, ids)

    assert found.temperature == 1.0
    assert (found.nll_after, found.ece_after) == (found.nll_before, found.ece_before)


def test_logits_at_the_end_of_float32_give_numbers() -> None:
    highest = np.finfo(np.float32).max
    logits = np.array([[highest, -highest], [-highest, highest]], np.float32)

    found = fit_temperature(logits, np.array([0, 0], np.uint8))

    assert found.temperature == pytest.approx(HIGHEST, rel=1e-5)
    assert (found.ece_before, found.pixels) == (0.5, 2)
    assert found.nll_after < found.nll_before < math.inf


def test_nothing_labelled_changes_nothing_and_is_null_in_json() -> None:
    found = fit_temperature(np.ones((2, 3), np.float32), np.full(2, 255, np.uint8))

    assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == {
        "temperature": 1.0,
        "nll_before": None,
        "nll_after": None,
        "ece_before": None,
        "ece_after": None,
        "pixels": 0,
    }


def test_the_json_form_keeps_what_is_a_number() -> None:
    made = Calibration(
        temperature=1.5,
        nll_before=0.4,
        nll_after=0.3,
        ece_before=0.2,
        ece_after=0.1,
        pixels=7,
    )

    assert made.to_dict() == {
        "temperature": 1.5,
        "nll_before": 0.4,
        "nll_after": 0.3,
        "ece_before": 0.2,
        "ece_after": 0.1,
        "pixels": 7,
    }
