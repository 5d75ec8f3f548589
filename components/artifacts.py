"""Artifact types that our nodes hand to each other.

Their names have the form `<lower case>.<Class>`, which TFX's compiler for Kubeflow
demands.
"""

from tfx.types import artifact


class SkippedSources(artifact.Artifact):
    """Sources that a builder could not turn into records; one `skipped.json`.

    The file holds `{"read": int, "skipped": [{"source", "split", "reason"}],
    "share": float}`.
    """

    TYPE_NAME = "components.SkippedSources"


class DatasetAudit(artifact.Artifact):
    """The auditor's findings: `audit.json`, `audit.html` and `audit.txt`.

    Custom properties: `blessed` (int, 1 or 0) and `reasons` (JSON list of
    sentences, empty where blessed).
    """

    TYPE_NAME = "components.DatasetAudit"


class GateVerdict(artifact.Artifact):
    """The model gate's findings: `verdict.json` and `verdict.txt`.

    Custom properties: `blessed` (int, 1 or 0) and `reasons` (JSON list of
    sentences, empty where blessed).
    """

    TYPE_NAME = "components.GateVerdict"


class ServingValidation(artifact.Artifact):
    """What a real server made of the packaged model: `validation.json` and `.txt`.

    Custom properties: `blessed` (int, 1 or 0) and `reasons` (JSON list of
    sentences, empty where blessed).
    """

    TYPE_NAME = "components.ServingValidation"


class EvaluationReport(artifact.Artifact):
    """What a person reads before a model goes live: `report.html`, `metrics.json`.

    Custom property: `blessed` (int; 1 where neither gate nor packager nor the serving
    check refused the model).
    """

    TYPE_NAME = "components.EvaluationReport"


class Approval(artifact.Artifact):
    """What a person said before the push: `approval.json` and `approval.txt`.

    Custom properties: `approved` (int, 1 or 0) and `reasons` (JSON list of
    sentences, empty where approved).
    """

    TYPE_NAME = "components.Approval"
