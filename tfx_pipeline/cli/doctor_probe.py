"""One real training step of TensorFlow, run by `carseg doctor` in its own process.

    python -m tfx_pipeline.cli.doctor_probe

prints one line of JSON: version, devices, loss and seconds. An own process, because
a broken installation ends it (an illegal instruction, a missing driver) and the
doctor has to live to tell.
"""

from __future__ import annotations

import json
import time
from typing import Any


def train_one_step(seed: int = 0) -> dict[str, Any]:
    """Fits a small convolution to 4 random images of 32 x 32 once.

    Returns:
        `tensorflow` and `keras` (versions), `devices` (list of names such as
        "GPU:0"), `loss` (float; NaN and infinity say that the step is wrong),
        `import_s` and `step_s`.
    """
    began = time.perf_counter()
    # Here, so that importing this module stays free.
    import keras
    import numpy as np
    import tensorflow as tf

    imported = time.perf_counter()
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    images = rng.random((4, 32, 32, 3), dtype=np.float32)
    mask_ids = rng.integers(0, 3, (4, 32, 32))
    model = keras.Sequential(
        [keras.layers.Conv2D(8, 3, padding="same"), keras.layers.Conv2D(3, 1)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss)
    value = model.train_on_batch(images, mask_ids)
    return {
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "devices": [
            device.name.split(":", 1)[1] for device in tf.config.list_physical_devices()
        ],
        "loss": float(np.asarray(value)),
        "import_s": round(imported - began, 1),
        "step_s": round(time.perf_counter() - imported, 1),
    }


if __name__ == "__main__":
    print(json.dumps(train_one_step()))
