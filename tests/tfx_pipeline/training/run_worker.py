"""Calls `run_fn` as a worker of the cluster in TF_CONFIG; exports no served model.

python -m tests.tfx_pipeline.training.run_worker DATA OUT SETTINGS
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from tfx_pipeline.modules import trainer


def run(data: Path, out: Path, settings: dict) -> None:
    """Trains; the Keras model and the logs go below `out`."""
    trainer.export_model = lambda *_, **__: None
    trainer.run_fn(
        SimpleNamespace(
            custom_config=settings,
            train_files=[str(data / "Split-train" / "*")],
            eval_files=[str(data / "Split-eval" / "*")],
            base_model=None,
            serving_model_dir=str(out / "model" / "Format-Serving"),
            model_run_dir=str(out / "model_run"),
        )
    )


if __name__ == "__main__":
    data, out, text = sys.argv[1:]
    run(Path(data), Path(out), json.loads(text))
