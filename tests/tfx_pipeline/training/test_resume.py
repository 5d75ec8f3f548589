from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tfx_pipeline.training.drawn_splits import tiny, write_split
from tests.tfx_pipeline.training.tiny_training import train_tiny
from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.training.backup import Backup

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
STEPS = 5  # per epoch
# Everything that a resume can lose: dropout, moving statistics, fresh augmentation,
# counts of a running epoch, the best epoch before it.
SETTINGS = tiny(
    epochs=4,
    save_every_steps=2,
    deterministic_ops=True,
    learning_rate=0.05,
    early_stopping_patience=3,
)
SETTINGS = replace(
    SETTINGS,
    model=replace(SETTINGS.model, dropout_inner=0.3, norm="batch"),
    prepare=replace(
        SETTINGS.prepare,
        augment=AugmentConfig(where="trainer", brightness=0.2),
    ),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_split(folder, "train", STEPS * SETTINGS.training.batch_size)
    write_split(folder, "eval", 6)
    return folder


@pytest.fixture(scope="module")
def unbroken(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[np.ndarray]]:
    work = tmp_path_factory.mktemp("unbroken")
    return work, train_tiny(data, SETTINGS, work)


def killed(data: Path, folder: Path, settings: TrainerSettings, after: int) -> Path:
    """Trains in a process of its own that is killed; returns its work folder."""
    for split in ("Split-train", "Split-eval"):
        (folder / split).symlink_to(data / split)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.tfx_pipeline.training.tiny_training",
            str(folder),
            json.dumps(settings.to_dict()),
            str(after),
        ],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    return folder / "work"


def history(work: Path) -> dict:
    return json.loads((work / "logs" / "history.json").read_text("utf-8"))


def assert_same_history(got: dict, expected: dict) -> None:
    assert got["best_epoch"] == expected["best_epoch"]
    assert len(got["epochs"]) == len(expected["epochs"])
    for one, other in zip(got["epochs"], expected["epochs"], strict=True):
        for name in set(other) - {"seconds"}:
            assert one[name] == pytest.approx(other[name], abs=1e-6), name


def test_a_killed_training_goes_on_and_ends_as_if_nothing_had_been(
    tmp_path: Path,
    data: Path,
    unbroken: tuple[Path, list[np.ndarray]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    # In epoch 3, after step 3: the last backup is that of step 2.
    work = killed(data, tmp_path, SETTINGS, after=2 * STEPS + 3)
    arrays, record = Backup(folder=str(work / "backup")).read()
    assert (len(record["epochs"]), record["step"]) == (2, 2)
    assert arrays["optimizer/0"] == 2 * STEPS + 2  # the optimizer's own step
    assert not (work / "logs" / "history.json").exists()
    capfd.readouterr()

    best = train_tiny(data, SETTINGS, work)

    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == (
        "going on in epoch 3/4, step 3 of 5, where an earlier run was broken off"
    )
    assert [line.split("  ")[0] for line in lines[1:]] == ["epoch 3/4", "epoch 4/4"]
    for got, expected in zip(best, unbroken[1], strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-6, rtol=0)
    expected, _ = Backup(folder=str(unbroken[0] / "backup")).read()
    final, _ = Backup(folder=str(work / "backup")).read()
    assert sorted(final) == sorted(expected)
    assert final["optimizer/0"] == 4 * STEPS
    for name, array in expected.items():
        np.testing.assert_allclose(final[name], array, atol=1e-6, rtol=0, err_msg=name)
    assert history(work)["resumed_at"] == [[3, 2]]
    assert_same_history(history(work), history(unbroken[0]))


def test_a_finished_training_is_not_trained_again(
    data: Path,
    unbroken: tuple[Path, list[np.ndarray]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    work, expected = unbroken
    capfd.readouterr()

    best = train_tiny(data, SETTINGS, work)

    assert capfd.readouterr().err.splitlines() == [
        "found a finished training of 4 epochs, only the export is left"
    ]
    for got, array in zip(best, expected, strict=True):
        np.testing.assert_array_equal(got, array)
    assert len(history(work)["epochs"]) == 4


def test_a_backup_of_another_model_is_said_and_not_used(
    tmp_path: Path, data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = tiny(epochs=1, max_steps_per_epoch=1)
    arrays = {"model/0": np.zeros((9, 9)), "optimizer/0": np.zeros(())}
    Backup(folder=str(tmp_path / "backup")).write(arrays, {"epochs": [], "step": 0})

    train_tiny(data, settings, tmp_path)

    lines = capfd.readouterr().err.splitlines()
    assert lines[0].endswith("model variables are not those of the configured model")
    assert lines[1].startswith("epoch 1/1")
