"""What a classify or regress request over REST means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tensorflow_serving.apis import classification_pb2, model_pb2, regression_pb2

from serving.server.api.service import ModelService
from serving.server.rest.json_examples import read_examples
from serving.server.rest.json_request import parse_document, signature_name
from serving.server.rest.json_results import write_classifications, write_regressions
from serving.server.rest.json_value import to_bytes


@dataclass(frozen=True, kw_only=True)
class _Method:
    request: Callable[..., Any]
    log_kind: str
    write: Callable[[Any], bytes]


_METHODS: Mapping[str, _Method] = {
    "classify": _Method(
        request=classification_pb2.ClassificationRequest,
        log_kind="classify_log",
        write=write_classifications,
    ),
    "regress": _Method(
        request=regression_pb2.RegressionRequest,
        log_kind="regress_log",
        write=write_regressions,
    ),
}


def infer(
    service: ModelService,
    method: str,
    spec: model_pb2.ModelSpec,
    body: bytes,
    until: float | None,
) -> bytes:
    """Returns the body of the answer.

    Args:
        service: Who answers.
        method: `classify` or `regress`.
        spec: The version that the path names.
        body: The JSON that was sent.
        until: When the client gives up, on the clock of `time.monotonic`.
    """
    known = _METHODS[method]
    document = parse_document(body)
    name = to_bytes(signature_name(document))
    spec.signature_name = name.decode("utf-8", "replace")
    request = known.request(model_spec=spec, input=read_examples(document))
    return known.write(service.ask(known.log_kind, request, until).result)
