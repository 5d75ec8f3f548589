"""oneDNN is switched on where it is faster and safe, and left as the user has it."""

from __future__ import annotations

import os

import pytest

from tfx_pipeline.cli.run import pick_kernels
from tfx_pipeline.config.training import TrainingConfig

NAME = "TF_ENABLE_ONEDNN_OPTS"


@pytest.mark.parametrize(
    ("training", "before", "after"),
    [
        (TrainingConfig(), None, "1"),
        (TrainingConfig(), "0", "0"),
        (TrainingConfig(strategy="mirrored"), None, None),
        (TrainingConfig(deterministic_ops=True), None, None),
    ],
    ids=["plain", "said otherwise", "several devices", "same bits"],
)
def test_kernels_follow_the_training_and_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    training: TrainingConfig,
    before: str | None,
    after: str | None,
) -> None:
    monkeypatch.setenv(NAME, before or "")  # restored behind the test
    if before is None:
        monkeypatch.delenv(NAME)

    pick_kernels(training)

    assert os.environ.get(NAME) == after
