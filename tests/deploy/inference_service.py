"""The schema of KServe's InferenceService, as far as this project uses it.

No package that is installed here holds KServe's schema, so the needed part is written
down after config/crd/full/serving.kserve.io_inferenceservices.yaml and
pkg/apis/serving/v1beta1/component.go of github.com/kserve/kserve (v1beta1). A predictor
there is a pod's spec with some fields more: these fields are checked by the table, the
rest as the spec of a core Pod.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import kubernetes_validate

_COUNT = {"type": "integer", "minimum": 0}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_EXTENSION: Mapping[str, Any] = {
    "minReplicas": _COUNT,
    "maxReplicas": _COUNT,
    "scaleTarget": _COUNT,
    "scaleMetric": {"enum": ["cpu", "memory", "concurrency", "rps"]},
    "containerConcurrency": _COUNT,
    "timeout": _COUNT,
    "canaryTrafficPercent": {"type": "integer", "minimum": 0, "maximum": 100},
    "labels": _TEXTS,
    "annotations": _TEXTS,
}
_SERVICE = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"const": "serving.kserve.io/v1beta1"},
        "kind": {"const": "InferenceService"},
        "metadata": {"type": "object", "required": ["name"]},
        "spec": {
            "type": "object",
            "required": ["predictor"],
            "additionalProperties": False,
            "properties": {
                "predictor": {
                    "type": "object",
                    "required": ["containers"],
                    "properties": dict(_EXTENSION),
                }
            },
        },
    },
}


class InvalidResourceError(ValueError):
    """A custom resource that its definition refuses."""


def check_inference_service(document: Mapping[str, Any], version: str) -> None:
    """Refuses an InferenceService that a cluster with KServe would refuse.

    Args:
        document: The whole resource.
        version: Kubernetes's, for the part that is a pod.

    Raises:
        InvalidResourceError: Names the place and the fault.
    """
    try:
        jsonschema.Draft202012Validator(_SERVICE).validate(document)
        kubernetes_validate.validate(_as_pod(document), version, strict=True)
    except (jsonschema.ValidationError, kubernetes_validate.ValidationError) as fault:
        place = ".".join(str(part) for part in fault.path) or "the document"
        raise InvalidResourceError(f"{place}: {fault.message}") from fault


def _as_pod(document: Mapping[str, Any]) -> dict[str, Any]:
    predictor = document["spec"]["predictor"]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": document["metadata"],
        "spec": {key: predictor[key] for key in predictor if key not in _EXTENSION},
    }


# By apiVersion and kind: what checks a kind that Kubernetes itself does not know.
SCHEMA_OF: Mapping[tuple[Any, Any], Callable[[Mapping[str, Any], str], None]] = {
    ("serving.kserve.io/v1beta1", "InferenceService"): check_inference_service,
}
