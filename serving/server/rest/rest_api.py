"""What a REST request means: from method, target and body to status and body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
)

from serving.server.api.call import run
from serving.server.api.predict import DEFAULT_SIGNATURE, check_method
from serving.server.api.service import ModelService
from serving.server.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
)
from serving.server.rest.answer import Answer, refuse
from serving.server.rest.inference import infer
from serving.server.rest.json_answer import write_answer
from serving.server.rest.json_request import parse_document, read_inputs, signature_name
from serving.server.rest.model_json import metadata_json, status_json
from serving.server.rest.request_body import unpack
from serving.server.rest.routes import (
    Route,
    VersionTooLargeError,
    find_route,
    is_api,
    split_target,
)
from serving.server.type_names import dtype_name

_NOT_FOUND = (
    b"<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n<H1>Not Found</H1>\n"
    b"</BODY></HTML>\n"
)
_ORIGIN = re.compile(rb"https?://")
_CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST, GET"),
    (b"access-control-allow-headers", b"Content-Type"),
)


class RestApi:
    """Answers requests; may be used from any thread."""

    def __init__(
        self,
        service: ModelService,
        *,
        metrics_path: str | None = None,
        render_metrics: Callable[[], str] = str,
        max_body_bytes: int = 0,
        allows_other_origins: bool = False,
    ) -> None:
        """Prepares to answer.

        Args:
            service: What answers over gRPC too.
            metrics_path: Where metrics are shown, None for nowhere.
            render_metrics: Returns the page.
            max_body_bytes: Of an unpacked body; 0 is no limit.
            allows_other_origins: Whether to send CORS headers, so that a browser shows
                the answers to pages from elsewhere.
        """
        self._service = service
        self._metrics_path = metrics_path
        self._render_metrics = render_metrics
        self._max_body_bytes = max_body_bytes
        self._headers = _CORS if allows_other_origins else ()

    def answer(
        self,
        method: str,
        target: str,
        headers: Mapping[bytes, bytes],
        body: bytes,
        until: float | None = None,
    ) -> Answer:
        """Returns the answer; whatever goes wrong is one too.

        Args:
            method: Such as POST.
            target: As it was sent, percent-encoded, with the query.
            headers: Names in lower case.
            body: As it was sent.
            until: When the client gives up, on the clock of `time.monotonic`.
        """
        path, query = split_target(target)
        if self._metrics_path and f"{path}/".startswith(f"{self._metrics_path}/"):
            return self._show_metrics(path + query)
        if not is_api(path):
            return Answer(status=404, body=_NOT_FOUND, content_type=b"text/html")
        try:
            content = self._answer_api(method, path, headers, body, until)
            return Answer(body=content, headers=self._headers)
        except VersionTooLargeError:  # TensorFlow Serving writes no body here
            return Answer(status=400, headers=self._headers)
        # Whatever goes wrong with a request is its client's answer.
        except Exception as err:
            return refuse(err, self._headers)

    def _show_metrics(self, place: str) -> Answer:
        if place != self._metrics_path:
            words = f"Unexpected path: {place}. Should be {self._metrics_path}"
            return Answer(status=400, body=words.encode(), content_type=b"text/plain")
        page = self._render_metrics().encode("utf-8")
        return Answer(body=page, content_type=b"text/plain")

    def _answer_api(
        self,
        method: str,
        path: str,
        headers: Mapping[bytes, bytes],
        body: bytes,
        until: float | None,
    ) -> bytes:
        if method == "OPTIONS":
            if not _ORIGIN.search(headers.get(b"origin", b"")):
                raise FailedPreconditionError(
                    "Origin header is missing in CORS preflight"
                )
            return b""
        route = find_route(method, path)
        if method == "GET":
            return self._inform(route)
        body = unpack(body, headers, self._max_body_bytes)
        with self._service.counted(route.spec.name, api=route.part, entrypoint="REST"):
            if route.part == "predict":
                return self._predict(route.spec, body, until)
            return infer(self._service, route.part, route.spec, body, until)

    def _predict(
        self, spec: model_pb2.ModelSpec, body: bytes, until: float | None
    ) -> bytes:
        document = parse_document(body)
        named = signature_name(document)
        name = named or DEFAULT_SIGNATURE
        with self._service.servable(spec) as servable:
            if name not in servable.runner.signatures:
                raise InvalidArgumentError(
                    f'Serving signature name: "{name}" not found in signature def'
                )
            signature = servable.runner.signatures[name]
            options = self._service.options(until)
            if options.checks_method_names:
                check_method(signature)
            if not signature.inputs:
                raise InvalidArgumentError(
                    f"Failed to get input map for signature: {named or 'DEFAULT'}"
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
                options,
            )
            self._service.log.add_arrays(servable, name, inputs, outputs)
        return write_answer(form, outputs)

    def _inform(self, route: Route) -> bytes:
        if not route.spec.name:
            raise InvalidArgumentError("Missing model name in request.")
        if route.part:
            request = get_model_metadata_pb2.GetModelMetadataRequest(
                model_spec=route.spec, metadata_field=["signature_def"]
            )
            return metadata_json(self._service.metadata(request))
        return status_json(
            self._service.status(
                get_model_status_pb2.GetModelStatusRequest(model_spec=route.spec)
            )
        )
