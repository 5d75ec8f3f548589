"""Where a pipeline runs: all that depends on the machine and not on the question."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field

from tfx.orchestration import data_types

from components.model_approval.signed_file import SignedFile

_NONE: Mapping[str, str] = types.MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Places:
    """Folders, and what was seen there; made by a runner.

    A `RuntimeParameter` is a value that a person gives when the run starts.

    Attributes:
        pipeline_root: Where artifacts are written.
        metadata_path: SQLite file of ML Metadata; None where the platform has its own
            bookkeeping.
        data_dir: Where prepared datasets are kept; '' keeps none.
        resume_root: Where backups of trainings are kept; '' keeps none.
        push_directory: Versions go to `<push_directory>/<model name>/<version>`.
        dataset: `NAME` or `NAME/CONFIG` of the data.
        manual_dir: Folder as the data's owner publishes it; '' for drawn data.
        steps: Batches per epoch of each training at most; 0 or None leaves it to the
            configuration.
        described_by: Folder on this machine that holds the files from which a builder
            reads its classes; None for builders that know them by themselves.
        content_fingerprint: Names the state of the source data; None lets a first node
            look, on the machine that runs.
        live_fingerprints: Name of each candidate to what names its live model; that
            first node looks, too.
        destination_fingerprints: Name of each candidate to what its destination lost;
            empty where ML Metadata is not there to compare with.
        approval: What a person signed before the run; None where nobody is asked.
    """

    pipeline_root: str
    metadata_path: str | None
    data_dir: str
    resume_root: str
    push_directory: str
    dataset: str | data_types.RuntimeParameter
    manual_dir: str | data_types.RuntimeParameter
    steps: int | data_types.RuntimeParameter | None = None
    described_by: str | None = None
    content_fingerprint: str | None = None
    live_fingerprints: Mapping[str, str] = field(default_factory=lambda: _NONE)
    destination_fingerprints: Mapping[str, str] = field(default_factory=lambda: _NONE)
    approval: SignedFile | None = None
