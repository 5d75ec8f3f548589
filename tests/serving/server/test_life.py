"""What a server goes through: waiting, half copies, swaps under load, its end."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from serving.server.errors import ServingError
from serving.server.flags import ServerFlags
from serving.server.lifecycle import ModelServer
from serving.server.settings.grpc_settings import GrpcSettings
from serving.server.settings.model_config import ModelSettings
from serving.server.stop_signal import StopSignal
from tests.serving.drawn_model import (
    HEIGHT_PX,
    WIDTH_PX,
    build_colour_model,
)
from tests.serving.exported import SessionModel
from tests.serving.server.asking import MODEL, ask, b64, predict_request, write_warmup
from tests.serving.server.busy_clients import Clients, web_safe
from tests.serving.server.running import (
    RunningServer,
    is_open,
    running_server,
)
from tests.tfds_builders import drawn_photos as drawn

pytestmark = pytest.mark.integration

SWAP_S = 8.0
FEWEST_SWAPS = 3


def copy_graph_last(source: Path, target: Path) -> None:
    """Copies as TFX's Pusher does: the graph comes last."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("saved_model.pb"))
    shutil.copy(source / "saved_model.pb", target)


def states(server: RunningServer) -> dict[int, str]:
    _, answer = ask(server, f"/v1/models/{MODEL}")
    entries = answer.get("model_version_status", [])
    return {int(entry["version"]): entry["state"] for entry in entries}


def swap(server: RunningServer, base: Path, source: Path, seconds: float) -> int:
    """Puts one version after the other into the base path, and takes old ones away."""
    newest = max(int(path.name) for path in base.iterdir() if path.name.isdigit())
    oldest, deadline = newest, time.monotonic() + seconds
    while time.monotonic() < deadline or newest < oldest + FEWEST_SWAPS:
        newest += 1
        copy_graph_last(source, base / str(newest))
        wait_for_state(server, newest, "AVAILABLE")
        shutil.rmtree(base / str(newest - 1))
    return newest


def wait_for_state(server: RunningServer, version: int, state: str) -> None:
    server.wait_for(lambda: states(server).get(version) == state)


def test_a_server_waits_swaps_under_load_comes_back_after_kill_9_and_drains(
    saved_model: Path, tmp_path: Path
) -> None:
    base = tmp_path / "models"
    flags = (f"--model_name={MODEL}", f"--model_base_path={base}")
    retries = ("--max_num_load_retries=1", "--load_retry_interval_micros=100000")
    with running_server(*flags, *retries, folder=tmp_path) as server:
        server.wait_for_words(
            f"Could not find base path {base} for servable {MODEL} with error"
            f" NOT_FOUND: {base} not found; waiting for it"
        )
        (base / "notes").mkdir(parents=True)
        server.wait_for_words(
            f"No versions of servable {MODEL} found under base path {base}. Did you"
            " forget to name your leaf directory as a number (eg. '/1/')?"
        )
        shutil.copytree(
            saved_model, base / "1", ignore=shutil.ignore_patterns("saved_model.pb")
        )
        server.wait_for_words("Waiting for saved_model.pb in 1")
        assert not is_open(server.port) and not is_open(server.rest_port)
        shutil.copy(saved_model / "saved_model.pb", base / "1")
        server.wait_until_open()
        assert states(server) == {1: "AVAILABLE"}

        clients = Clients(server)
        clients.start()
        broken_versions_do_not_matter(server, base, saved_model)
        newest = swap(server, base, saved_model, SWAP_S)
        server.wait_for(lambda: newest in clients.versions)
        clients.stop()
        assert clients.failures == []
        assert {1, newest} <= clients.versions
        assert clients.answers > 100
        server.wait_for(lambda: list(states(server).values()).count("AVAILABLE") == 1)

        base.rename(tmp_path / "elsewhere")
        gone = f"NOT_FOUND: {base} not found"
        server.wait_for(lambda: server.log.read_text().count(gone) > 1)
        assert states(server)[newest] == "AVAILABLE"
        (tmp_path / "elsewhere").rename(base)
        kill_while_it_loads(server, base, saved_model, newest + 1)

    ports = (server.port, server.rest_port)
    with running_server(*flags, folder=tmp_path, ports=ports) as server:
        server.wait_until_open()
        assert states(server) == {newest + 1: "AVAILABLE"}
        running_requests_are_answered_after_sigterm(server, saved_model)


def broken_versions_do_not_matter(
    server: RunningServer, base: Path, saved_model: Path
) -> None:
    """One version is cut off, one fails its own warm-up; the first serves on."""
    shutil.copytree(saved_model, tmp := base.parent / "cut")
    (tmp / "variables/variables.data-00000-of-00001").write_bytes(b"half")
    tmp.rename(base / "2")
    wait_for_state(server, 2, "END")
    shutil.copytree(saved_model, tmp := base.parent / "cold")
    write_warmup(tmp, predict_request([b"no photo"]))
    tmp.rename(base / "3")
    wait_for_state(server, 3, "END")
    assert states(server)[1] == "AVAILABLE"
    _, answer = ask(server, f"/v1/models/{MODEL}/versions/3")
    (entry,) = answer["model_version_status"]
    assert entry["status"]["error_code"] == "INVALID_ARGUMENT"
    assert "image_bytes[0] must be JPEG" in entry["status"]["error_message"]


def kill_while_it_loads(
    server: RunningServer, base: Path, saved_model: Path, number: int
) -> None:
    """Ends the server in the middle of a swap, with half a copy beside it."""
    (base / str(number + 1) / "variables").mkdir(parents=True)
    copy_graph_last(saved_model, base / str(number))
    server.wait_for_words(
        f"Loading servable version {{name: {MODEL} version: {number}}}"
    )
    server.process.kill()
    assert server.process.wait(20) == -9


def running_requests_are_answered_after_sigterm(
    server: RunningServer, saved_model: Path
) -> None:
    large = drawn.encode(drawn.picture(1500, 2000), "JPEG")
    photos = [large] * 4
    expected = SessionModel(saved_model)("serving_default", image_bytes=[large])
    answers: list[bytes] = []

    def by_grpc() -> None:
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            response = stub.Predict(predict_request(photos), timeout=60)
            answers.extend(response.outputs["mask_png_bytes"].string_val)

    def by_rest() -> None:
        body = {"instances": [b64(photo) for photo in photos]}
        status, answer = ask(server, f"/v1/models/{MODEL}:predict", body)
        assert status == 200, answer
        for row in answer["predictions"]:
            text = web_safe(row["mask_png_bytes"]["b64"])
            answers.append(tf.io.decode_base64(text).numpy())

    threads = [threading.Thread(target=way) for way in (by_grpc, by_rest)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert answers == []  # else nothing would be running
    assert server.stop(timeout_s=20) == 0
    for thread in threads:
        thread.join()
    assert answers == [expected["mask_png_bytes"][0]] * 8
    assert not is_open(server.port) and not is_open(server.rest_port)


@pytest.fixture(scope="module")
def half_restored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version that `tf.saved_model.load` loads and no Session does (keras #20096)."""
    version = tmp_path_factory.mktemp("half") / "models/1"
    model = build_colour_model()

    @tf.function(input_signature=[tf.TensorSpec([None, HEIGHT_PX, WIDTH_PX, 3])])
    def dense(image: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"scores": model(image)}

    tf.saved_model.save(model, str(version), dense)
    pixels = np.zeros((1, HEIGHT_PX, WIDTH_PX, 3), np.float32)
    loaded = tf.saved_model.load(str(version)).signatures["serving_default"]
    assert loaded(tf.constant(pixels))["scores"].shape == (1, HEIGHT_PX, WIDTH_PX, 3)
    request = predict_pb2.PredictRequest()
    request.inputs["image"].CopyFrom(tf.make_tensor_proto(pixels))
    write_warmup(version, request)
    return version


def test_a_model_that_no_session_loads_does_not_start(half_restored: Path) -> None:
    base = str(half_restored.parent)
    server = ModelServer(
        ServerFlags(model_base_path=base, max_num_load_retries=0),
        [ModelSettings(name="m", base_path=base)],
        grpc=GrpcSettings(addresses=()),
        rest_listener=None,
        metrics_path=None,
        batching=None,
    )
    with pytest.raises(ServingError) as raised:
        server.run(StopSignal())
    assert raised.value.message.startswith(
        "1 model(s) did not become available: {{{name: m version: 1} due to error:"
        " FAILED_PRECONDITION: "
    )
    assert "Could not find variable" in raised.value.message
