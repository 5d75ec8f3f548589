"""Which sources each node runs, as one hash per node."""

from __future__ import annotations

from components.segmentation_metrics.eval_config import (
    EVALUATOR_MODULE,
    METRIC_MODULE,
)
from tfx_pipeline.runners.code_fingerprint import code_fingerprint

# For nodes that call `code_fingerprints` and may not import it.
CODE_FINGERPRINTS_OF = "tfx_pipeline.runners.node_code.code_fingerprints"

_MODULES = {
    "RecordSchema": ("components.record_schema.component",),
    "DatasetAuditor": ("components.dataset_auditor.component",),
    "Transform": ("tfx_pipeline.modules.transform",),
    "Trainer": (
        "tfx_pipeline.modules.trainer",
        "components.audited_trainer.component",
    ),
    "LiveModel": ("components.live_model.component",),
    "Evaluator": (
        METRIC_MODULE,
        EVALUATOR_MODULE,
        "components.compared_evaluator.component",
    ),
    "ModelGate": ("components.model_gate.component",),
    "ModelPackager": ("components.model_packager.component",),
    # The server that it starts is part of what it finds out.
    "ServingValidator": (
        "components.serving_validator.component",
        "serving.server.__main__",
    ),
    "ModelApproval": ("components.model_approval.component",),
    "ModelPusher": ("components.model_pusher.component",),
    "EvaluationReporter": ("components.evaluation_report.component",),
}


def code_fingerprints(builder: str) -> dict[str, str]:
    """Returns node type to the hash of its installed sources.

    Args:
        builder: Dotted path of the dataset's builder, which the ingest runs.
    """
    return {
        "TfdsExampleGen": ingest_fingerprint(builder),
        **{node: code_fingerprint(*names) for node, names in _MODULES.items()},
    }


def ingest_fingerprint(builder: str) -> str:
    """Returns the hash of what turns sources into records."""
    return code_fingerprint(
        "components.tfds_example_gen.component", builder.rpartition(".")[0]
    )
