"""The same calls, answers and errors over gRPC and over REST, on real sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from serving.client import (
    ClientError,
    DeadlineError,
    ServerError,
    ServingError,
    UnavailableError,
    connect,
)
from tests.serving.client.drawn_requests import encode, photo_bytes
from tests.serving.client.stub_server import STUBS, Stub, right_mask


@pytest.fixture(params=STUBS)
def protocol(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def stub(protocol: str) -> Iterator[Stub]:
    with STUBS[protocol]() as running:
        yield running


def test_a_photo_gets_its_mask_pixel_by_pixel(stub: Stub) -> None:
    photo = photo_bytes(1)
    expected = right_mask(photo)
    assert set(np.unique(expected)) == {0, 1, 2}

    with connect(stub.url) as client:
        prediction = client.predict(photo)

    np.testing.assert_array_equal(prediction.mask_ids, expected)
    assert prediction.mask_ids.dtype == np.uint8
    assert (prediction.height, prediction.width) == (24, 40)
    share = np.bincount(expected.ravel(), minlength=3) / expected.size
    np.testing.assert_allclose(prediction.area_fraction, share, rtol=1e-6)
    assert prediction.area_fraction.dtype == np.float32
    assert prediction.confidence == 0.5


def test_several_photos_of_different_sizes_go_in_one_request(stub: Stub) -> None:
    photos = [photo_bytes(2, 30, 20), photo_bytes(3), photo_bytes(4, 9, 60)]

    with connect(stub.url) as client:
        predictions = client.predict_batch(photos)

    assert len(stub.model.calls) == 1
    for photo, prediction in zip(photos, predictions, strict=True):
        np.testing.assert_array_equal(prediction.mask_ids, right_mask(photo))
    assert [entry.confidence for entry in predictions] == [0.5, 0.75, 1.0]


def test_no_photo_is_no_call(stub: Stub) -> None:
    with connect(stub.url) as client:
        assert client.predict_batch([]) == []

    assert stub.model.calls == []


def test_status_lists_versions_newest_first(stub: Stub) -> None:
    with connect(stub.url) as client:
        status = client.status()

    assert [
        (entry.version, entry.state, entry.error_code, entry.error_message)
        for entry in status.versions
    ] == [(7, "AVAILABLE", "OK", ""), (6, "END", "UNKNOWN", "no such file")]
    assert status.is_available


def test_metadata_tell_inputs_and_outputs(stub: Stub) -> None:
    with connect(stub.url) as client:
        metadata = client.metadata()

    assert (metadata.name, metadata.version) == ("carseg", 7)
    signature = metadata.signatures["serving_default"]
    assert signature.inputs["image_bytes"].dtype == "DT_STRING"
    assert signature.outputs["area_fraction"].shape == (None, 3)
    assert signature.outputs["height"].dtype == "DT_INT32"
    odd = metadata.signatures["odd"].inputs["x"]
    assert (odd.dtype, odd.shape) == ("DT_INVALID", None)


def test_a_refused_photo_is_a_client_error_and_not_sent_again(stub: Stub) -> None:
    with (
        connect(stub.url) as client,
        pytest.raises(ClientError, match=r"image_bytes\[1\] must be JPEG") as caught,
    ):
        client.predict_batch([photo_bytes(1), b"hello"])

    assert caught.value.status == "INVALID_ARGUMENT"
    assert caught.value.message.startswith("image_bytes[1]")
    assert len(stub.model.calls) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("INTERNAL", ServerError),
        ("RESOURCE_EXHAUSTED", ServerError),
        ("UNIMPLEMENTED", ClientError),
        ("DEADLINE_EXCEEDED", DeadlineError),
    ],
)
def test_what_is_not_unavailable_is_told_at_once(
    stub: Stub, status: str, kind: type[ServingError]
) -> None:
    stub.model.faults = [status]

    with connect(stub.url) as client, pytest.raises(ServingError) as caught:
        client.predict(photo_bytes(1))

    assert type(caught.value) is kind
    assert caught.value.status == status
    assert len(stub.model.calls) == 1


def test_unavailable_is_tried_again_until_it_answers(stub: Stub) -> None:
    stub.model.faults = ["UNAVAILABLE", "UNAVAILABLE"]
    photo = photo_bytes(5)

    with connect(stub.url) as client:
        prediction = client.predict(photo)

    np.testing.assert_array_equal(prediction.mask_ids, right_mask(photo))
    assert len(stub.model.calls) == 3


def test_unavailable_for_good_ends_within_the_deadline(stub: Stub) -> None:
    stub.model.faults = ["UNAVAILABLE"] * 9
    start = time.monotonic()

    with connect(stub.url) as client, pytest.raises(UnavailableError, match="planted"):
        client.predict(photo_bytes(1), timeout_s=0.6)

    assert time.monotonic() - start < 1.5
    assert len(stub.model.calls) in (3, 2)


def test_a_slow_answer_ends_at_the_deadline(stub: Stub) -> None:
    stub.model.faults = [1.5]
    start = time.monotonic()

    with (
        connect(stub.url, timeout_s=0.3) as client,
        pytest.raises(DeadlineError, match=r"no answer within 0\.3 s") as caught,
    ):
        client.predict(photo_bytes(1))

    assert caught.value.status == "DEADLINE_EXCEEDED"
    assert time.monotonic() - start < 1.2


def test_messages_may_be_larger_than_grpcs_default(stub: Stub) -> None:
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (1300, 1300, 3), np.uint8)
    photo = encode(Image.fromarray(noise), compress_level=0)
    assert len(photo) > 4 * 2**20
    stub.model.padding = 5 * 2**20

    with connect(stub.url) as client:
        prediction = client.predict(photo)

    assert len(prediction.mask_png_bytes) > 5 * 2**20
    np.testing.assert_array_equal(prediction.mask_ids, right_mask(photo))


def test_one_client_serves_several_threads(stub: Stub) -> None:
    photos = [photo_bytes(seed) for seed in range(12)]

    with connect(stub.url) as client, ThreadPoolExecutor(4) as threads:
        predictions = list(threads.map(client.predict, photos))

    for photo, prediction in zip(photos, predictions, strict=True):
        np.testing.assert_array_equal(prediction.mask_ids, right_mask(photo))


@pytest.mark.parametrize(
    ("choice", "in_spec", "in_path"),
    [
        ({"version": 4}, "a b/4//serving_default", "a%20b/versions/4:predict"),
        ({"label": "x"}, "a b/0/x/serving_default", "a%20b/labels/x:predict"),
        ({}, "a b/0//serving_default", "a%20b:predict"),
    ],
    ids=["version", "label", "latest"],
)
def test_model_version_and_label_reach_the_server(
    stub: Stub, protocol: str, choice: dict[str, object], in_spec: str, in_path: str
) -> None:
    with (
        connect(stub.url, model="a b", **choice) as client,
        pytest.raises(ClientError, match="Servable not found") as caught,
    ):
        client.predict(photo_bytes(1))

    assert caught.value.status == "NOT_FOUND"
    (call,) = stub.model.calls
    if protocol == "grpc":
        assert call == in_spec
    else:
        assert call.startswith(f"/v1/models/{in_path} from ")


def free_port() -> int:
    with STUBS["rest"]() as running:
        return int(running.url.rpartition(":")[2])


def test_nobody_there_is_unavailable(protocol: str) -> None:
    scheme = {"grpc": "grpc", "rest": "http"}[protocol]

    with (
        connect(f"{scheme}://127.0.0.1:{free_port()}") as client,
        pytest.raises(UnavailableError, match=r"(?i)connection refused"),
    ):
        client.predict(photo_bytes(1), timeout_s=0.2)


def test_waiting_ends_when_a_server_comes_up(protocol: str) -> None:
    port, stop = free_port(), threading.Event()

    def come_up() -> None:
        time.sleep(0.6)
        with STUBS[protocol](port=port):
            stop.wait()

    thread = threading.Thread(target=come_up)
    thread.start()
    scheme = {"grpc": "grpc", "rest": "http"}[protocol]
    start = time.monotonic()
    try:
        with connect(f"{scheme}://127.0.0.1:{port}") as client:
            client.wait_until_available(timeout_s=10)
            waited = time.monotonic() - start
            assert client.predict(photo_bytes(1)).height == 24
    finally:
        stop.set()
        thread.join()
    assert 0.5 < waited < 8


def test_waiting_for_a_model_that_does_not_load_says_what_was_seen(stub: Stub) -> None:
    stub.model.state = "LOADING"

    with (
        connect(stub.url) as client,
        pytest.raises(
            DeadlineError,
            match=r"within 0\.5 s; last seen: version 7 is LOADING, version 6",
        ),
    ):
        client.wait_until_available(timeout_s=0.5)


def test_waiting_does_not_outlast_a_server_that_will_never_say(stub: Stub) -> None:
    stub.model.faults = ["UNIMPLEMENTED"]

    with connect(stub.url) as client, pytest.raises(ClientError, match="planted"):
        client.wait_until_available(timeout_s=30)


@pytest.mark.parametrize("timeout_s", [0, -1, float("nan")])
def test_a_deadline_must_lie_ahead(timeout_s: float) -> None:
    with pytest.raises(ValueError, match="timeout_s must be more than 0"):
        connect("grpc://h", timeout_s=timeout_s)


def test_a_model_is_chosen_by_version_or_label() -> None:
    with pytest.raises(ValueError, match="by version or by label"):
        connect("grpc://h", version=1, label="x")
    with pytest.raises(ValueError, match="must have a name"):
        connect("grpc://h", model="")
