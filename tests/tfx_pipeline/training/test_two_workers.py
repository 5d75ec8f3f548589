from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.tfx_pipeline.training.drawn_splits import TINY, tiny, write_split

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]


def free_addresses(count: int) -> list[str]:
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    addresses = [f"localhost:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return addresses


def start(data: Path, out: Path, text: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.tfx_pipeline.training.run_worker",
            *(str(data), str(out), text),
        ],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(*processes: subprocess.Popen) -> None:
    try:
        for process in processes:
            _, errors = process.communicate(timeout=400)
            assert process.returncode == 0, errors[-2000:]
    finally:
        for process in processes:
            process.kill()


def weights(out: Path) -> list[np.ndarray]:
    path = out / "model" / "Format-Keras" / "model.keras"
    return keras.saving.load_model(path).get_weights()


def test_two_workers_train_as_one_process_and_the_chief_writes(tmp_path: Path) -> None:
    write_split(tmp_path, "train", 12)
    write_split(tmp_path, "eval", 5)
    model = replace(TINY.model, depth=1, norm="group")
    bounds = {"epochs": 2, "max_steps_per_epoch": 3, "learning_rate": 1e-3}
    settings = replace(tiny(loss_over="image", clip_norm=0.05, **bounds), model=model)
    cluster = {"worker": free_addresses(2)}
    shared = replace(
        settings,
        training=replace(settings.training, strategy="multi_worker_mirrored"),
        resume_root=str(tmp_path / ".resume"),
    )
    one, two = tmp_path / "one", tmp_path / "two"

    workers = [
        start(
            tmp_path,
            two,
            json.dumps(shared.to_dict()),
            TF_CONFIG=json.dumps(
                {"cluster": cluster, "task": {"type": "worker", "index": index}}
            ),
        )
        for index in range(2)
    ]
    wait_for(*workers)
    wait_for(start(tmp_path, one, json.dumps(settings.to_dict())))

    for got, expected in zip(weights(two), weights(one), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-5)
    assert len(list((two / "model_run" / "train").iterdir())) == 1
    assert list((tmp_path / ".resume").iterdir()) == []
