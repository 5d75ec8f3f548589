"""Clients of a served model that ask all the time, and check what they get."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_service_pb2_grpc

from tests.serving.drawn_model import HEIGHT_PX, WIDTH_PX, right_mask
from tests.serving.exported import decode_mask
from tests.serving.server.asking import MODEL, b64, predict_request
from tests.serving.server.running import RunningServer
from tests.tfds_builders import drawn_photos as drawn

PICTURE = drawn.picture(HEIGHT_PX, WIDTH_PX)
PNG = drawn.encode(PICTURE, "PNG")
MASK = right_mask(np.asarray(PICTURE))


class Clients:
    """Threads that ask as fast as they can and keep all that is wrong."""

    def __init__(self, server: RunningServer, *, count: int = 16) -> None:
        self.failures: list[str] = []
        self.versions: set[int] = set()
        self.answers = 0
        self._server = server
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._is_paused = False
        self._asking = 0
        self._threads = [
            threading.Thread(target=self._ask_for_ever, args=(way,))
            for way in [self._by_grpc, self._by_rest] * (count // 2)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Inside, no request is on its way: each one has its answer."""
        with self._changed:
            self._is_paused = True
            self._changed.wait_for(lambda: self._asking == 0)
        try:
            yield
        finally:
            with self._changed:
                self._is_paused = False
                self._changed.notify_all()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._is_paused)
            self._asking += 1
        try:
            yield
        finally:
            with self._changed:
                self._asking -= 1
                self._changed.notify_all()

    def _ask_for_ever(self, way: Callable[[], None]) -> None:
        try:
            way()
        except Exception as err:
            self.failures.append(repr(err))

    def _check(self, png: bytes) -> None:
        if not np.array_equal(decode_mask(png), MASK):
            self.failures.append("a wrong mask")
        self.answers += 1

    def _by_grpc(self) -> None:
        with grpc.insecure_channel(f"127.0.0.1:{self._server.port}") as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            while not self._over.is_set():
                with self._turn():
                    response = stub.Predict(predict_request([PNG]), timeout=60)
                self.versions.add(response.model_spec.version.value)
                self._check(response.outputs["mask_png_bytes"].string_val[0])

    def _by_rest(self) -> None:
        port = self._server.rest_port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        body = json.dumps({"inputs": [b64(PNG)]})
        while not self._over.is_set():
            with self._turn():
                connection.request("POST", f"/v1/models/{MODEL}:predict", body)
                response = connection.getresponse()
                content = response.read()
            if response.status != 200:
                self.failures.append(content.decode())
                continue
            png = json.loads(content)["outputs"]["mask_png_bytes"][0]["b64"]
            self._check(tf.io.decode_base64(web_safe(png)).numpy())
        connection.close()


def web_safe(text: str) -> str:
    return text.replace("+", "-").replace("/", "_").rstrip("=")
