"""Whatever a client sends gets an answer or the status of its own mistake."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from serving.server.api.service import ModelService
from serving.server.errors import Code, as_serving_error
from serving.server.models.model_manager import ModelManager
from serving.server.models.servable import Runner
from serving.server.models.session_runner import SessionRunner
from tests.serving.server import example_model as judge
from tests.serving.server.api.settled_service import settled_service
from tests.serving.server.asking import refused
from tests.serving.server.models.graphs import save_graph
from tests.serving.server.rpc.drawn_messages import GRAPHS, damaged, made_up, valid
from tests.serving.server.rpc.fronts import PREDICT, open_front, raw_call

IN_PROCESS, THROUGH_THE_WIRE = 10_000, 500
# protobuf warns of what stands behind a stray end of a group, instead of refusing it.
pytestmark = pytest.mark.filterwarnings("ignore:Unexpected end-group tag")
OURS = {Code.INTERNAL, Code.UNKNOWN}


@pytest.fixture(scope="module")
def service(
    example_runner: Runner, tmp_path_factory: pytest.TempPathFactory
) -> ModelService:
    folder = tmp_path_factory.mktemp("graphs") / "1"
    save_graph(folder)
    runners = {GRAPHS: SessionRunner(str(folder)), judge.MODEL: example_runner}
    manager = ModelManager(lambda name, _path: runners[name])
    for name in runners:
        manager.aspire(name, {1: "somewhere"})
    manager.wait_until_available(list(runners))
    return settled_service(manager)


@pytest.fixture(scope="module")
def channel(service: ModelService) -> Iterator[grpc.Channel]:
    with (
        open_front(service) as (_, address),
        grpc.insecure_channel(address) as opened,
    ):
        yield opened


@pytest.fixture
def rng() -> random.Random:
    seed = time.time_ns()
    print(f"seed {seed}")  # shown where a test fails
    return random.Random(seed)


def test_ten_thousand_messages_meet_no_fault_of_ours(
    service: ModelService, rng: random.Random
) -> None:
    refusals = 0
    for number in range(IN_PROCESS):
        if number % 10 == 0:
            drawn = valid(rng)
            answer = getattr(service, drawn.rpc)(drawn.request, time.monotonic() + 60)
            assert drawn.check is not None and drawn.check(answer), drawn.request
            continue
        drawn = (damaged if number % 2 else made_up)(rng)
        try:
            getattr(service, drawn.rpc)(drawn.request, time.monotonic() + 60)
        except Exception as err:
            refusals += 1
            assert as_serving_error(err).code not in OURS, (drawn.request, err)
    assert refusals > IN_PROCESS / 2


def test_bytes_through_the_wire_meet_no_fault_of_ours(
    channel: grpc.Channel, rng: random.Random
) -> None:
    service = "/tensorflow.serving.PredictionService"
    calls = [
        raw_call(channel, f"{service}/{name}")
        for name in ("Predict", "Classify", "Regress", "MultiInference")
    ]
    wrong = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}
    refusals = 0
    for _ in range(THROUGH_THE_WIRE):
        drawn = damaged(rng) if rng.random() < 0.7 else valid(rng)
        data = rng.choice(
            (drawn.request.SerializeToString(), rng.randbytes(rng.randint(0, 40)))
        )
        try:
            rng.choice(calls)(data, timeout=60)
        except grpc.RpcError as err:
            refusals += 1
            assert err.code() not in wrong, (data, err.details())
    assert refusals > THROUGH_THE_WIRE / 4


def test_a_slow_graph_is_stopped_by_the_deadline_of_its_call(
    channel: grpc.Channel,
) -> None:
    request = predict_pb2.PredictRequest()
    request.model_spec.name = GRAPHS
    request.model_spec.signature_name = "slow"
    request.inputs["start"].CopyFrom(tf.make_tensor_proto(np.float32(1)))
    stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(request, timeout=0.3)
    assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    time.sleep(0.5)  # for the server to notice too
    used = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - used < 0.25  # a loop that goes on uses all of it


def test_an_unknown_method_is_unimplemented(channel: grpc.Channel) -> None:
    assert refused(raw_call(channel, PREDICT + "s"), b"")[0] == "UNIMPLEMENTED"
