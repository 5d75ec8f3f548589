"""The places of a run on this machine, with a look at what lies there."""

from __future__ import annotations

from pathlib import Path

from components.model_approval.signed_file import SignedFile, read_signed_file
from components.source_fingerprint.content_fingerprint import content_fingerprint
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.places import Places
from tfx_pipeline.runners.described_dataset import dataset_name
from tfx_pipeline.runners.pushed_versions import (
    destination_fingerprints,
    live_fingerprints,
)
from tfx_pipeline.runners.workspace import Workspace

SERVED_FOLDER = "served"
# Beside the artifacts, since the folder of a node's run changes with every execution.
RESUME_FOLDER = ".resume"


def local_places(config: PipelineConfig, workspace: Workspace) -> Places:
    """Returns the places of a configuration in a workspace.

    Raises:
        UsageError: The folder of the data or the signed file cannot be read.
        ValueError: The record of a push destination is not as the pusher wrote it.
    """
    approval = signed_file(config.push.approval)
    content = source_state(config)
    pipeline_root = workspace.pipeline_root(config.run.name)
    push_to = config.push.directory or str(workspace.root / SERVED_FOLDER)
    manual_dir = config.data.manual_dir
    return Places(
        pipeline_root=str(pipeline_root),
        metadata_path=str(workspace.metadata_path),
        data_dir=str(workspace.data_dir),
        resume_root=str(pipeline_root / RESUME_FOLDER),
        push_directory=push_to,
        dataset=dataset_name(config.data),
        manual_dir=str(Path(manual_dir).resolve()) if manual_dir else "",
        described_by=manual_dir,
        content_fingerprint=content,
        live_fingerprints=live_fingerprints(config, push_to),
        destination_fingerprints=destination_fingerprints(
            config, push_to, workspace.metadata_path
        ),
        approval=approval,
    )


def source_state(config: PipelineConfig) -> str:
    """Returns the fingerprint of the source folder."""
    data = config.data
    try:
        return content_fingerprint(data.manual_dir, verify_bytes=data.verify_bytes)
    except ValueError as err:
        raise UsageError(str(err)) from err


def signed_file(path: str | None) -> SignedFile | None:
    """Returns what a person signed; None where nobody is asked."""
    try:
        return None if path is None else read_signed_file(path)
    except ValueError as err:
        raise UsageError(f"push.approval: {err}") from err
