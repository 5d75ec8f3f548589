"""Asks the models of a comparison for the test photos again, and says how far it is."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from components.run_comparison.comparison import Comparison
from components.run_comparison.exported_model import ExportedModel
from components.run_comparison.photo_pass import PhotoPass
from components.run_comparison.stored_photos import read_records
from tfx_pipeline.cli.compare_facts import test_files
from tfx_pipeline.cli.compare_runs import FoundModel
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.run_result import SERVED_FOLDER

_MODEL_FILE = "saved_model.pb"
_PROGRESS_S = 10.0


def add_photos(
    comparison: Comparison, found: Sequence[FoundModel], keep: int
) -> Comparison:
    """Returns the comparison with the photos on which the masks differ most.

    Args:
        comparison: Of the numbers.
        found: Its models, in the same order.
        keep: Photos that are shown.

    Raises:
        UsageError: A model is gone.
        ValueError: The photos are gone.
    """
    files = test_files(found[0])
    folders = [_model_folder(model) for model in found]
    examples = comparison.first.test.examples
    print(
        f"asking {len(found)} models about {examples:.0f} test photos ...",
        file=sys.stderr,
    )
    photos = PhotoPass(task=comparison.task, table=comparison.table, keep=keep)
    shown = photos.run(
        read_records(files),
        [ExportedModel(str(folder)) for folder in folders],
        _progress(examples),
    )
    return dataclasses.replace(
        comparison, photos=shown, photos_asked=photos.photos_asked
    )


def _model_folder(model: FoundModel) -> Path:
    artifact = model.folder("Trainer", "model")
    folder = (artifact or model.root) / SERVED_FOLDER
    if artifact is None or not (folder / _MODEL_FILE).is_file():
        raise UsageError(
            f"the model of run {model.run_id} must be in {folder} to be asked about"
            " photos, it is gone; leave the photos out with --photos 0"
        )
    return folder


def _progress(examples: float) -> Callable[[int], None]:
    said = time.monotonic()

    def say(count: int) -> None:
        nonlocal said
        if time.monotonic() - said >= _PROGRESS_S:
            said = time.monotonic()
            print(f"  {count} of {examples:.0f} photos", file=sys.stderr)

    return say
