"""What a REST request means: from method, path and body to status and body."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from google.protobuf import json_format
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
)

from serving.server.api.predict import DEFAULT_SIGNATURE, run
from serving.server.api.service import ModelService
from serving.server.api.tensor_proto import dtype_name
from serving.server.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    UnimplementedError,
    as_serving_error,
)
from serving.server.rest.json_answer import write_answer, write_error
from serving.server.rest.json_request import parse_document, read_inputs, signature_name

_NAMED = r"(?:(?:/versions/(?P<version>[0-9]+))|(?:/labels/(?P<label>[^/:]+)))?"
_PREDICTION = re.compile(
    rf"/v1/models/(?P<name>[^/:]+){_NAMED}:(?P<method>classify|regress|predict)",
    re.IGNORECASE,
)
_INFORMATION = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_NAMED}(?:/(?P<part>metadata))?", re.IGNORECASE
)
_API = re.compile(r"/v1/.*", re.IGNORECASE | re.DOTALL)
_MAX_VERSION = 2**63 - 1
_MAX_BODY = 2**31 - 1  # bytes after inflation: as much as gRPC takes
_GZIP = zlib.MAX_WBITS | 16
_NOT_FOUND = (
    b"<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n<H1>Not Found</H1>\n"
    b"</BODY></HTML>\n"
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A REST answer."""

    status: int = 200
    body: bytes = b""
    content_type: bytes = b"application/json"


class RestApi:
    """Answers requests; may be used from any thread."""

    def __init__(
        self,
        service: ModelService,
        *,
        metrics_path: str | None = None,
        render_metrics: Callable[[], str] = str,
    ) -> None:
        self._service = service
        self._metrics_path = metrics_path
        self._render_metrics = render_metrics

    def answer(
        self, method: str, path: str, headers: Mapping[bytes, bytes], body: bytes
    ) -> Answer:
        """Returns the answer; whatever goes wrong is one too.

        Args:
            method: Such as POST.
            path: As it was sent, percent-encoded, without the query.
            headers: Names in lower case.
            body: As it was sent.
        """
        if path == self._metrics_path:
            page = self._render_metrics().encode("utf-8")
            return Answer(body=page, content_type=b"text/plain")
        if not _API.fullmatch(path):
            return Answer(status=404, body=_NOT_FOUND, content_type=b"text/html")
        try:
            return self._answer_api(method, path, headers, body)
        # Whatever goes wrong with a request is its client's answer.
        except Exception as err:
            error = as_serving_error(err)
            return Answer(status=error.http_status, body=write_error(error.message))

    def _answer_api(
        self, method: str, path: str, headers: Mapping[bytes, bytes], body: bytes
    ) -> Answer:
        if method == "OPTIONS":
            if not re.search(rb"https?://", headers.get(b"origin", b"")):
                raise FailedPreconditionError(
                    "Origin header is missing in CORS preflight"
                )
            return Answer()
        pattern = {"POST": _PREDICTION, "GET": _INFORMATION}.get(method)
        match = pattern.fullmatch(path) if pattern else None
        if not match:
            raise InvalidArgumentError(f"Malformed request: {method} {path}")
        if match["version"] and int(match["version"]) > _MAX_VERSION:
            return Answer(status=400)  # empty, as TensorFlow Serving answers it
        spec = _spec(match)
        if method == "GET":
            return self._inform(spec, match["part"])
        if match["method"].lower() != "predict":
            raise UnimplementedError(
                f"{match['method']} is not supported yet by this server; use predict,"
                " or the tensorflow/serving image"
            )
        if headers.get(b"content-encoding", b"").lower() == b"gzip":
            body = _inflate(body)
        with self._service.counted(spec.name, api="predict", entrypoint="REST"):
            return Answer(body=self._predict(spec, body))

    def _predict(self, spec: model_pb2.ModelSpec, body: bytes) -> bytes:
        document = parse_document(body)
        name = signature_name(document) or DEFAULT_SIGNATURE
        with self._service.servable(spec) as servable:
            if name not in servable.runner.signatures:
                raise InvalidArgumentError(
                    f'Serving signature name: "{name}" not found in signature def'
                )
            signature = servable.runner.signatures[name]
            if not signature.inputs:
                raise InvalidArgumentError(
                    f"Failed to get input map for signature: {name}"
                )
            dtypes = {
                alias: dtype_name(info.dtype)
                for alias, info in signature.inputs.items()
            }
            form, inputs = read_inputs(document, dtypes)
            del document  # it may be large, and the model needs room
            outputs = run(
                servable.runner,
                name,
                inputs,
                set(signature.outputs),
                self._service.limits,
            )
        return write_answer(form, outputs)

    def _inform(self, spec: model_pb2.ModelSpec, part: str | None) -> Answer:
        if not spec.name:
            raise InvalidArgumentError("Missing model name in request.")
        if part:
            metadata = self._service.metadata(
                get_model_metadata_pb2.GetModelMetadataRequest(
                    model_spec=spec, metadata_field=["signature_def"]
                )
            )
            return Answer(body=_metadata_json(metadata).encode("utf-8"))
        status = self._service.status(
            get_model_status_pb2.GetModelStatusRequest(model_spec=spec)
        )
        # The messages name their fields for JSON; version stays a string, as int64 is.
        text = json_format.MessageToJson(
            status, including_default_value_fields=True, indent=1
        )
        return Answer(body=f"{text}\n".encode())


def _spec(match: re.Match[str]) -> model_pb2.ModelSpec:
    spec = model_pb2.ModelSpec(name=unquote(match["name"] or ""))
    if match["version"]:
        spec.version.value = int(match["version"])
    if match["label"]:
        spec.version_label = unquote(match["label"])
    return spec


def _inflate(body: bytes) -> bytes:
    inflater = zlib.decompressobj(_GZIP)
    try:
        data = inflater.decompress(body, _MAX_BODY)
    except zlib.error as err:
        raise InvalidArgumentError(f"Failed to inflate the gzip body: {err}") from err
    if not inflater.eof:
        raise InvalidArgumentError(
            f"a gzip body must be whole and inflate to at most {_MAX_BODY} bytes; send"
            " fewer photos per request"
        )
    return data


def _metadata_json(
    metadata: get_model_metadata_pb2.GetModelMetadataResponse,
) -> str:
    signatures = get_model_metadata_pb2.SignatureDefMap()
    metadata.metadata["signature_def"].Unpack(signatures)
    spec, map_text = (
        json_format.MessageToJson(
            message,
            including_default_value_fields=True,
            preserving_proto_field_name=True,
            indent=1,
        )
        for message in (metadata.model_spec, signatures)
    )
    return (
        f'{{\n"model_spec":{spec}\n,\n"metadata": '
        f'{{"signature_def": {map_text}\n}}\n}}\n'
    )
