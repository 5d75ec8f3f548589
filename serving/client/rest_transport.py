"""TF Serving's REST API."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
from google.protobuf import json_format

from serving.client.deadline import Deadline
from serving.client.errors import ServerError, error_of, status_of_http
from serving.client.http_connection import HttpAnswer, HttpPool
from serving.client.model_state import (
    ModelMetadata,
    ModelStatus,
    read_signatures,
    read_status,
)
from serving.client.transport import (
    METADATA_FIELD,
    PREDICT_INPUT,
    PREDICT_SIGNATURE,
    ModelChoice,
)
from serving.wire.model_metadata_pb2 import SignatureDefMap
from serving.wire.model_status_pb2 import GetModelStatusResponse

# What is shown of an error page that is not TF Serving's JSON.
_SHOWN_CHARACTERS = 200


class RestTransport:
    """Kept connections to one server; see `serving.client.transport.Transport`."""

    def __init__(self, host: str, port: int, prefix: str, choice: ModelChoice) -> None:
        self._pool = HttpPool(host, port)
        self._path = prefix + _model_path(choice)

    def predict(
        self, photos: Sequence[bytes], deadline: Deadline
    ) -> Mapping[str, npt.NDArray[Any]]:
        """Returns the outputs of `serving_default` by name, batch first."""
        answer = self._send(
            "POST", ":predict", deadline, body=predict_body(photos).encode("ascii")
        )
        outputs = answer.get("outputs")
        if not isinstance(outputs, dict):
            raise ServerError(
                "DATA_LOSS",
                f"the answer must hold several outputs, got {outputs!r:.200}",
            )
        try:
            return {name: read_column(value) for name, value in outputs.items()}
        except (TypeError, ValueError) as err:
            raise ServerError("DATA_LOSS", str(err)) from err

    def status(self, deadline: Deadline) -> ModelStatus:
        """Returns the states of the model's versions."""
        return read_status(
            _parsed(self._send("GET", "", deadline), GetModelStatusResponse())
        )

    def metadata(self, deadline: Deadline) -> ModelMetadata:
        """Returns the signatures of the version that answers."""
        answer = self._send("GET", "/metadata", deadline)
        try:
            definitions = answer["metadata"][METADATA_FIELD]
            name, version = (answer["model_spec"][key] for key in ("name", "version"))
            return ModelMetadata(
                name=name,
                version=int(version),
                signatures=read_signatures(_parsed(definitions, SignatureDefMap())),
            )
        except (KeyError, TypeError, ValueError) as err:
            raise ServerError("DATA_LOSS", f"unreadable metadata: {err!r}") from err

    def close(self) -> None:
        """Closes the kept connections."""
        self._pool.close()

    def _send(
        self, method: str, action: str, deadline: Deadline, body: bytes | None = None
    ) -> dict[str, Any]:
        answer = self._pool.send(method, self._path + action, body, deadline)
        content = _json_object(answer)
        if answer.code == 200 and content is not None:
            return content
        if answer.code == 200:
            raise ServerError("DATA_LOSS", f"no JSON object: {_shown(answer.body)}")
        said = (content or {}).get(
            "error"
        ) or f"HTTP {answer.code} {_shown(answer.body)}"
        raise error_of(status_of_http(answer.code), str(said).strip())


def predict_body(photos: Sequence[bytes]) -> str:
    """Returns the JSON of a Predict call in its columnar form."""
    column = [{"b64": base64.b64encode(photo).decode("ascii")} for photo in photos]
    return json.dumps(
        {"signature_name": PREDICT_SIGNATURE, "inputs": {PREDICT_INPUT: column}}
    )


def read_column(values: Any) -> npt.NDArray[Any]:
    r"""Returns one output; what is wrapped as b64 becomes an array of `bytes`.

    Example:
        >>> read_column([{"b64": "AAE="}]).tolist(), read_column([2, 3]).tolist()
        ([b'\x00\x01'], [2, 3])
    """
    wrapped = isinstance(values, list) and any(
        isinstance(item, dict) for item in values
    )
    if not wrapped:
        return np.asarray(values)
    column = np.empty(len(values), object)
    column[:] = [base64.b64decode(item["b64"], validate=True) for item in values]
    return column


def _model_path(choice: ModelChoice) -> str:
    path = f"/v1/models/{quote(choice.name, safe='')}"
    if choice.version is not None:
        return f"{path}/versions/{choice.version}"
    if choice.label is not None:
        return f"{path}/labels/{quote(choice.label, safe='')}"
    return path


def _json_object(answer: HttpAnswer) -> dict[str, Any] | None:
    try:
        content = json.loads(answer.body)
    except ValueError:  # also when it is no UTF-8
        return None
    return content if isinstance(content, dict) else None


def _parsed(content: Any, message: Any) -> Any:
    try:
        return json_format.ParseDict(content, message, ignore_unknown_fields=True)
    except json_format.ParseError as err:
        raise ServerError("DATA_LOSS", str(err)) from err


def _shown(body: bytes) -> str:
    return " ".join(body.decode("utf-8", "replace").split())[:_SHOWN_CHARACTERS]
