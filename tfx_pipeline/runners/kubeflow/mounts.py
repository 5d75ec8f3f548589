"""The folders of a configuration as a container sees them."""

from __future__ import annotations

from pathlib import PurePosixPath

from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.node_ids import node_id

# Where versions go without a configured `push.directory`.
PUSH_DIRECTORY = "/mnt/served"
_REMOTE = "://"


def push_directory(config: PipelineConfig) -> str:
    """Returns where versions go."""
    return config.push.directory or PUSH_DIRECTORY


def check_folders(config: PipelineConfig) -> None:
    """Refuses a path or an engine that means nothing in a container."""
    manual_dir, pushed = config.data.manual_dir, config.push.directory
    if config.beam.engine != "direct":
        raise UsageError(
            "beam.engine must be direct for Kubeflow, got"
            f" {config.beam.engine!r}: workers outside of a container do not see the"
            " artifacts on its disk"
        )
    if manual_dir and not manual_dir.startswith("/"):
        raise UsageError(
            "data.manual_dir must be an absolute path in the containers, got"
            f" {manual_dir!r}"
        )
    # TensorFlow, which TFX writes remote files with, brings no other file system.
    if pushed and not pushed.startswith(("/", "gs://")):
        raise UsageError(
            "push.directory must be an absolute path in the containers or gs://, got"
            f" {pushed!r}"
        )
    for _, training in config.trainings().values():
        if training.base_model is not None and _REMOTE not in training.base_model:
            raise UsageError(
                "training.base_model must be a URI for Kubeflow, such as"
                f" s3://models/base, got {training.base_model!r}"
            )


def unmounted_folders(config: PipelineConfig) -> list[str]:
    """Returns one sentence for each folder that some node has no volume for."""
    names = config.trainings()
    folders = {}
    if config.data.manual_dir:
        nodes = ["SourceFingerprint", "TfdsExampleGen"]
        folders["data.manual_dir"] = (config.data.manual_dir, nodes)
    if config.kubeflow.resume_directory:
        nodes = [node_id("Trainer", name) for name in names]
        folders["kubeflow.resume_directory"] = (config.kubeflow.resume_directory, nodes)
    if config.run.until == "push":
        nodes = ["SourceFingerprint"]
        nodes += [node_id("LiveModel", name) for name in names]
        nodes += [node_id("ModelPusher", name) for name in names]
        folders["push.directory"] = (push_directory(config), nodes)
    return [
        f"{field} is {folder}, which is lost with the container of {', '.join(lost)};"
        " mount a claim there with kubeflow.nodes.<node>.volumes"
        for field, (folder, nodes) in folders.items()
        if _REMOTE not in folder
        and (lost := [node for node in nodes if not _is_mounted(config, node, folder)])
    ]


def _is_mounted(config: PipelineConfig, node: str, folder: str) -> bool:
    wanted = PurePosixPath(folder)
    volumes = map(PurePosixPath, config.kubeflow.options(node).volumes)
    return any(wanted.is_relative_to(volume) for volume in volumes)
