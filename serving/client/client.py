"""The client: photos in, masks out, over gRPC or REST."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TypeVar

from serving.client.deadline import Deadline
from serving.client.errors import (
    DeadlineError,
    ServingError,
    UnavailableError,
)
from serving.client.model_state import ModelMetadata, ModelStatus
from serving.client.prediction import Prediction, read_predictions
from serving.client.server_url import parse_server_url
from serving.client.transport import DEFAULT_MODEL, ModelChoice, Transport

DEFAULT_TIMEOUT_S = 60.0
# Pauses before a call is sent again; each call ends at its deadline all the same.
RETRY_PAUSES_S = (0.1, 0.4, 1.6)
_POLL_S = 0.2

Result = TypeVar("Result")


class Client:
    """Calls one model of one server; may be used from several threads.

    Every call has a deadline, `timeout_s`, which holds for all that it does. A call
    that finds nobody is sent again a few times: no call here changes anything.

    Example:
        >>> with connect("grpc://127.0.0.1:8500") as client:   # doctest: +SKIP
        ...     mask_ids = client.predict(photo.read_bytes()).mask_ids
    """

    def __init__(
        self, transport: Transport, *, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> None:
        self._transport = transport
        self._timeout_s = Deadline(timeout_s).timeout_s

    def predict(
        self, image_bytes: bytes, *, timeout_s: float | None = None
    ) -> Prediction:
        """Returns the mask of one photo: the bytes of a JPEG, PNG, BMP or GIF file."""
        return self.predict_batch([image_bytes], timeout_s=timeout_s)[0]

    def predict_batch(
        self, photos: Sequence[bytes], *, timeout_s: float | None = None
    ) -> list[Prediction]:
        """Returns the masks of several photos, sent in one request.

        Raises:
            ClientError: The server refuses a photo, and with it all of them; the
                message names its place, such as `image_bytes[2]`.
        """
        if not photos:
            return []
        outputs = self._call(
            lambda deadline: self._transport.predict(photos, deadline), timeout_s
        )
        return read_predictions(outputs, len(photos))

    def status(self, *, timeout_s: float | None = None) -> ModelStatus:
        """Returns the states of the model's versions."""
        return self._call(self._transport.status, timeout_s)

    def metadata(self, *, timeout_s: float | None = None) -> ModelMetadata:
        """Returns name, version and signatures of the model that answers."""
        return self._call(self._transport.metadata, timeout_s)

    def wait_until_available(self, *, timeout_s: float) -> None:
        """Returns as soon as a version of the model answers requests.

        Raises:
            DeadlineError: None did in time; the message says what was seen last.
            ClientError: The server will not say, whatever the time.
        """
        deadline = Deadline(timeout_s)
        seen = "nothing"
        while True:
            try:
                status = self._transport.status(deadline)
                if status.is_available:
                    return
                seen = _describe(status)
            except (UnavailableError, DeadlineError) as err:
                seen = seen if isinstance(err, DeadlineError) else err.message
            except ServingError as err:
                # A server may be there before the model that it is to load.
                if err.status != "NOT_FOUND":
                    raise
                seen = err.message
            _pause(deadline, seen)

    def close(self) -> None:
        """Ends all connections."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _call(
        self, operation: Callable[[Deadline], Result], timeout_s: float | None
    ) -> Result:
        deadline = Deadline(self._timeout_s if timeout_s is None else timeout_s)
        for longest_s in RETRY_PAUSES_S:
            # Spread out: many clients of a server that stumbled come back at once.
            pause_s = longest_s * random.uniform(0.5, 1)
            try:
                return operation(deadline)
            except UnavailableError:
                if pause_s >= deadline.left_s():
                    raise
            time.sleep(pause_s)
        return operation(deadline)


def connect(
    url: str,
    *,
    model: str = DEFAULT_MODEL,
    version: int | None = None,
    label: str | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> Client:
    """Returns a client; the connection is made by its first call.

    Args:
        url: `grpc://HOST:PORT` or `http://HOST:PORT`; the ports are 8500 and 8501 where
            none is given.
        model: As the server calls it (`--model_name`).
        version: One version; the newest that is available where it is None.
        label: A version by its label; excludes `version`.
        timeout_s: Deadline of each call that does not bring its own.
    """
    server = parse_server_url(url)
    choice = ModelChoice(name=model, version=version, label=label)
    transport: Transport
    # Imported here: who speaks one protocol need not load the other.
    if server.scheme == "grpc":
        from serving.client.grpc_transport import GrpcTransport

        transport = GrpcTransport(server.target, choice)
    else:
        from serving.client.rest_transport import RestTransport

        transport = RestTransport(server.host, server.port, server.prefix, choice)
    return Client(transport, timeout_s=timeout_s)


def _describe(status: ModelStatus) -> str:
    words = [
        f"version {entry.version} is {entry.state} {entry.error_message}".strip()
        for entry in status.versions
    ]
    return ", ".join(words) or "no version"


def _pause(deadline: Deadline, seen: str) -> None:
    try:
        time.sleep(min(_POLL_S, deadline.left_s()))
    except DeadlineError as err:
        raise DeadlineError(
            err.status,
            f"no version of the model was available within {deadline.timeout_s:g} s;"
            f" last seen: {seen}",
        ) from err
