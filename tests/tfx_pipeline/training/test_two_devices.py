from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tfx_pipeline.training.drawn_splits import TINY, tiny, write_split

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
# Batch norm sees the part of one device only, so no number of devices equals another.
GROUP_NORM = replace(TINY.model, depth=1, norm="group")
BOUNDS = {
    "epochs": 1,
    "max_steps_per_epoch": 3,
    "deterministic_ops": True,
    "learning_rate": 1e-3,
}
SETTINGS = [
    # Clips in every step: the gradient's length is some tenths.
    tiny(loss_over="image", clip_norm=0.05, **BOUNDS),
    # The mean over all pixels is the mean of the devices' means; Dice's is not.
    tiny(loss_over="batch", dice_weight=0.0, **BOUNDS),
]


def test_two_devices_train_as_one_does(tmp_path: Path) -> None:
    write_split(tmp_path, "train", 12)
    # The last batch leaves one device without a picture.
    write_split(tmp_path, "eval", 5)
    texts = [json.dumps(replace(each, model=GROUP_NORM).to_dict()) for each in SETTINGS]

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.tfx_pipeline.training.two_devices",
            str(tmp_path),
            *texts,
        ],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    differences = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(differences) == len(SETTINGS)
    for each in differences:
        assert each["weights"] < 1e-5, each
        assert each["numbers"] < 1e-5, each
