"""Which of TensorFlow's kernels a training runs on; decided before it is loaded."""

from __future__ import annotations

from tfx_pipeline.config.training import TrainingConfig


def kernel_environment(training: TrainingConfig) -> dict[str, str]:
    """Returns the environment variables that let TensorFlow take oneDNN's kernels.

    By itself it does so only where the CPU has AVX512; its own take 1.4 times as long
    for a step of `unet`. But oneDNN does not give the same bits every time, and several
    devices on one CPU fail with it.
    """
    if training.strategy == "none" and not training.deterministic_ops:
        return {"TF_ENABLE_ONEDNN_OPTS": "1"}
    return {}
