"""What became of the versions that earlier runs pushed."""

from __future__ import annotations

from pathlib import Path

from ml_metadata import metadata_store

from components.live_model.live_version import live_fingerprint
from components.model_pusher.destination_fingerprint import destination_fingerprint
from components.model_pusher.executor import DESTINATION, VERSION
from components.model_pusher.open_destination import open_destination
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.pipeline.node_ids import model_name
from tfx_pipeline.runners.run_history import open_store


def live_fingerprints(config: PipelineConfig, directory: str) -> dict[str, str]:
    """Returns for each candidate what names the model that is live now."""
    return {
        candidate: live_fingerprint(
            open_destination(
                directory, model_name(config.package.model_name, candidate)
            )
        )
        for candidate in config.trainings()
    }


def destination_fingerprints(
    config: PipelineConfig, directory: str, metadata_path: Path
) -> dict[str, str]:
    """Returns for each candidate what its destination lost since it was pushed."""
    pushed = _pushed_places(metadata_path)
    fingerprints = {}
    for candidate in config.trainings():
        name = model_name(config.package.model_name, candidate)
        destination = open_destination(directory, name)
        versions = [
            version for folder, version in pushed if folder == destination.place
        ]
        fingerprints[candidate] = destination_fingerprint(destination, versions)
    return fingerprints


def _pushed_places(metadata_path: Path) -> list[tuple[str, int]]:
    """Returns folder and version of every push that ML Metadata knows."""
    if not metadata_path.exists():
        return []
    store: metadata_store.MetadataStore = open_store(str(metadata_path))
    places = []
    for artifact in store.get_artifacts_by_type("PushedModel"):
        properties = artifact.custom_properties
        if DESTINATION in properties and VERSION in properties:
            folder = properties[DESTINATION].string_value.rpartition("/")[0]
            places.append((folder, int(properties[VERSION].string_value)))
    return places
