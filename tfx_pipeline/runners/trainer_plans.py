"""What each Trainer of a run gets, with a look at the files that it starts from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.config.usage_error import UsageError

_SCHEME = "://"  # of a folder in an object store, which only the run can look into


def trainers_of(
    config: PipelineConfig,
    taxonomy: Taxonomy,
    resume_root: str,
    code_fingerprint: str,
) -> dict[str, TrainerSettings]:
    """Returns the settings of each candidate's Trainer, the first under ''.

    Args:
        config: The configuration.
        taxonomy: Of the task.
        resume_root: Folder for backups; '' for none.
        code_fingerprint: Hash of the sources that a Trainer runs.

    Raises:
        UsageError: A file or folder that a training starts from is not there.
    """
    return {
        name: TrainerSettings(
            taxonomy=taxonomy.to_dict(),
            prepare=config.prepare,
            model=model,
            training=training,
            flip_ids=taxonomy.flip_ids(),
            resume_root=resume_root,
            initial_weights_sha256=_hash_start(training),
            code_fingerprint=code_fingerprint,
        )
        for name, (model, training) in config.trainings().items()
    }


def _hash_start(training: TrainingConfig) -> str:
    base_model = training.base_model
    if base_model and _SCHEME not in base_model and not Path(base_model).is_dir():
        raise UsageError(
            "training.base_model must be the folder of a Model artifact, got"
            f" {training.base_model}, which is not there"
        )
    if training.initial_weights is None:
        return ""
    try:
        with open(training.initial_weights, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError as err:
        raise UsageError(
            f"training.initial_weights must be a file, got {training.initial_weights}:"
            f" {err.strerror}"
        ) from err
