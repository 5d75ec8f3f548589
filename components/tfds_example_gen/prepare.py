"""Prepares the dataset of a builder under a folder that its content names."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.dotted_path import import_by_path

_KEY_DIGITS = 16


@dataclass(frozen=True, kw_only=True)
class PreparedDataset:
    """A dataset on disk: its files by split, what it holds and what was left out."""

    folder: Path
    shards: Mapping[str, tuple[Path, ...]]
    examples: Mapping[str, int]
    skipped_file: Path
    contents_file: Path

    @property
    def skipped(self) -> dict[str, Any]:
        """The content of `skipped.json`."""
        report: dict[str, Any] = json.loads(self.skipped_file.read_text("utf-8"))
        return report

    @property
    def contents(self) -> dict[str, Any]:
        """The content of `contents.json`, the names in it as full paths."""
        contents: dict[str, Any] = json.loads(self.contents_file.read_text("utf-8"))
        for entry in contents["lists"].values():
            entry["list"] = str(self.contents_file.with_name(entry["list"]))
        return contents


def import_builder(path: str) -> Any:
    """Returns the builder class at a dotted path such as `pkg.module.Builder`."""
    try:
        return import_by_path(path)
    except (ImportError, AttributeError, ValueError) as err:
        raise ValueError(
            f"builder must be the dotted path of an importable class, got {path!r}:"
            f" {err}"
        ) from err


def dataset_folder(
    data_dir: str, builder: str, builder_kwargs: Mapping[str, Any], *fingerprints: str
) -> Path:
    """Returns the folder for a builder's data: another one when any input differs.

    TFDS reuses whatever lies at data_dir/name/config/version, also when the source
    folder or the builder's code has changed since; so both are part of the path.
    """
    key = json.dumps([builder, builder_kwargs, *fingerprints], sort_keys=True)
    digest = hashlib.sha256(key.encode()).hexdigest()[:_KEY_DIGITS]
    return Path(data_dir, digest)


def prepare_dataset(
    *,
    builder: str,
    builder_kwargs: Mapping[str, Any],
    folder: Path,
    beam_pipeline_args: Sequence[str] | None = None,
) -> PreparedDataset:
    """Builds the dataset, or finds it built, below `folder`.

    Args:
        builder: Dotted path of the builder class.
        builder_kwargs: Its keyword arguments, `data_dir` not among them.
        folder: Below it the dataset is written; see `dataset_folder`.
        beam_pipeline_args: Flags of the Beam engine; None builds in this process.

    Returns:
        Where the records are.
    """
    # Imported here: command line and tests read the types above without TFDS.
    import apache_beam as beam
    import tensorflow_datasets as tfds

    instance = import_builder(builder)(data_dir=str(folder), **builder_kwargs)
    _remove_leftovers(Path(instance.data_dir).parent)
    options = (
        beam.options.pipeline_options.PipelineOptions(list(beam_pipeline_args))
        if beam_pipeline_args is not None
        else None
    )
    instance.download_and_prepare(
        download_config=tfds.download.DownloadConfig(beam_options=options)
    )
    return PreparedDataset(
        folder=Path(instance.data_dir),
        shards={
            name: tuple(Path(path) for path in split.filepaths)
            for name, split in instance.info.splits.items()
        },
        examples={
            name: split.num_examples for name, split in instance.info.splits.items()
        },
        skipped_file=Path(instance.skipped_path, "skipped.json"),
        contents_file=Path(instance.skipped_path, "contents.json"),
    )


def _remove_leftovers(folder: Path) -> None:
    """Removes the half-written versions of builds that were killed."""
    for path in folder.glob("*incomplete*"):
        shutil.rmtree(path)
