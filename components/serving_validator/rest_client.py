"""Calls a server over REST as curl would."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any

from components.serving_validator.call_error import NO_ANSWER, CallError
from components.serving_validator.signature_names import INPUT, OUTPUT, SIGNATURE


class RestClient:
    """Calls about one model, each on a connection of its own.

    Attributes:
        protocol: For messages.
        bad_photo_code: What a file that is no picture must give.
    """

    protocol = "REST"
    bad_photo_code = "400"

    def __init__(self, address: str, model_name: str, timeout_s: float) -> None:
        self._address = address
        self._path = f"/v1/models/{model_name}"
        self._timeout_s = timeout_s

    def is_available(self) -> bool:
        """Tells whether a version of the model is ready."""
        states = self._call("GET", "").get("model_version_status", [])
        return any(version.get("state") == "AVAILABLE" for version in states)

    def signatures(self) -> dict[str, Any]:
        """Returns what can be called, by name, in JSON form."""
        metadata = self._call("GET", "/metadata").get("metadata", {})
        found: dict[str, Any] = metadata.get("signature_def", {}).get(
            "signature_def", {}
        )
        return found

    def masks(self, photos: Sequence[bytes]) -> list[bytes]:
        """Returns the PNG of each photo's mask, asked in one request.

        One photo goes in the row form of the API, several in the columnar form, so
        that both are tried.
        """
        encoded = [{"b64": base64.b64encode(photo).decode()} for photo in photos]
        body: dict[str, Any] = {"signature_name": SIGNATURE}
        if len(photos) == 1:
            body["instances"] = [{INPUT: encoded[0]}]
        else:
            body["inputs"] = {INPUT: encoded}
        answer = self._call("POST", ":predict", body)
        try:
            if len(photos) == 1:
                masks = [row[OUTPUT]["b64"] for row in answer["predictions"]]
            else:
                masks = [mask["b64"] for mask in answer["outputs"][OUTPUT]]
            return [base64.b64decode(mask, validate=True) for mask in masks]
        except (KeyError, TypeError, ValueError) as err:
            raise CallError(
                "200", f"the answer has no {OUTPUT} in base64 ({err!r})"
            ) from err

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._address, timeout=self._timeout_s)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, self._path + path, body=sent)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as err:
            raise CallError(NO_ANSWER, repr(err)) from err
        finally:
            connection.close()
        return _parse(answer.status, content)


def _parse(status: int, content: bytes) -> dict[str, Any]:
    try:
        values = json.loads(content)
    except ValueError:
        values = None
    if status != http.client.OK:
        error = values.get("error", "") if isinstance(values, dict) else content[:200]
        raise CallError(str(status), str(error))
    if not isinstance(values, dict):
        raise CallError(str(status), f"the answer is no JSON object: {content[:80]!r}")
    return values
