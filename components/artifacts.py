"""Artifact types that our nodes hand to each other through ML Metadata."""

from tfx.types import artifact


class SkippedSources(artifact.Artifact):
    """Sources that a builder could not turn into records; one `skipped.json`.

    The file holds `{"read": int, "skipped": [{"source", "split", "reason"}],
    "share": float}`.
    """

    TYPE_NAME = "SkippedSources"


class DatasetAudit(artifact.Artifact):
    """The auditor's findings: `audit.json`, `audit.html` and `audit.txt`.

    Custom properties: `blessed` (int, 1 or 0) and `reasons` (JSON list of
    sentences, empty where blessed).
    """

    TYPE_NAME = "DatasetAudit"


class GateVerdict(artifact.Artifact):
    """The model gate's findings: `verdict.json` and `verdict.txt`.

    Custom properties: `blessed` (int, 1 or 0) and `reasons` (JSON list of
    sentences, empty where blessed).
    """

    TYPE_NAME = "GateVerdict"
