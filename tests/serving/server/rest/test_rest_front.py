"""The REST API, and clients in other processes."""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.serving.drawn_model import HEIGHT_PX, WIDTH_PX, right_mask
from tests.serving.exported import SessionModel, decode_mask
from tests.serving.server.asking import (
    EXACT,
    METRICS_PATH,
    MODEL,
    PHOTO,
    ask,
    b64,
    predict_request,
    refused,
)
from tests.serving.server.running import RunningServer
from tests.tfds_builders import drawn_photos as drawn

pytestmark = pytest.mark.integration


def test_curl_gets_the_right_mask_in_rows_and_columns(
    server: RunningServer, tmp_path: Path
) -> None:
    png = drawn.encode(EXACT, "PNG")
    for key, result in (("instances", "predictions"), ("inputs", "outputs")):
        body = tmp_path / f"{key}.json"
        body.write_text(json.dumps({key: [b64(png), b64(png)]}))
        url = f"http://127.0.0.1:{server.rest_port}/v1/models/{MODEL}:predict"
        done = subprocess.run(
            ["curl", "--silent", "--fail", "--data-binary", f"@{body}", url],
            capture_output=True,
            check=True,
        )
        answer = json.loads(done.stdout)[result]
        if key == "instances":
            second = answer[1]
        else:
            second = {name: values[1] for name, values in answer.items()}
        mask = decode_mask(base64.b64decode(second["mask_png_bytes"]["b64"]))
        np.testing.assert_array_equal(mask, right_mask(np.asarray(EXACT)))
        assert (second["height"], second["width"]) == (HEIGHT_PX, WIDTH_PX)
        assert sum(second["area_fraction"]) == pytest.approx(1)


def test_a_stub_in_another_process_gets_the_right_masks(
    server: RunningServer, tmp_path: Path
) -> None:
    pictures = [drawn.picture(HEIGHT_PX, WIDTH_PX), EXACT.rotate(180)]
    paths = [tmp_path / f"{index}.png" for index in range(2)]
    for path, picture in zip(paths, pictures, strict=True):
        path.write_bytes(drawn.encode(picture, "PNG"))
    script = Path(__file__).with_name("stub_client.py")
    done = subprocess.run(
        [sys.executable, script, f"127.0.0.1:{server.port}", MODEL, *paths],
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    answer = json.loads(done.stdout)
    assert answer["ours"] == []
    for mask, picture in zip(answer["masks"], pictures, strict=True):
        np.testing.assert_array_equal(mask, right_mask(np.asarray(picture)))


def test_numbers_go_through_json(server: RunningServer, local: SessionModel) -> None:
    pixels = np.asarray(EXACT)[None]
    body = {"signature_name": "dense", "instances": pixels.tolist()}
    status, answer = ask(server, f"/V1/models/{MODEL}/versions/3:PREDICT", body)
    assert status == 200
    expected = local("dense", image=pixels)["mask"]
    np.testing.assert_array_equal(answer["predictions"], expected)


def test_a_body_may_be_compressed(server: RunningServer) -> None:
    body = gzip.compress(json.dumps({"inputs": {"image_bytes": [b64(PHOTO)]}}).encode())
    path = f"/v1/models/{MODEL}:predict?x=1"
    status, answer = ask(server, path, body, headers={"Content-Encoding": "gzip"})
    assert (status, answer["outputs"]["height"]) == (200, [40])
    headers = {"Content-Encoding": "gzip"}
    assert ask(server, path, body[:-9], headers=headers)[0] == 400
    assert ask(server, path, b"{}", headers=headers)[0] == 400


def test_status_and_metadata_have_tensorflow_servings_forms(
    server: RunningServer,
) -> None:
    available = {
        "version": "3",
        "state": "AVAILABLE",
        "status": {"error_code": "OK", "error_message": ""},
    }
    for path in (f"/v1/models/{MODEL}", f"/v1/models/{MODEL}/versions/3"):
        assert ask(server, path) == (200, {"model_version_status": [available]})
    status, answer = ask(server, f"/v1/models/{MODEL}/metadata")
    assert status == 200
    assert answer["model_spec"] == {
        "name": MODEL,
        "signature_name": "",
        "version": "3",
    }
    signatures = answer["metadata"]["signature_def"]["signature_def"]
    inputs = signatures["serving_default"]["inputs"]["image_bytes"]
    assert inputs == {
        "dtype": "DT_STRING",
        "name": "serving_default_image_bytes:0",
        "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False},
    }
    assert signatures["dense"]["method_name"] == "tensorflow/serving/predict"


PREDICT = f"/v1/models/{MODEL}:predict"


@pytest.mark.parametrize(
    "case",
    [
        ("GET", "/v1/models", None, 400, "Missing model name in request."),
        ("GET", "/v1/x", None, 400, "Malformed request: GET /v1/x"),
        ("PUT", PREDICT, b"", 400, f"Malformed request: PUT {PREDICT}"),
        ("GET", PREDICT, None, 400, f"Malformed request: GET {PREDICT}"),
        ("POST", f"/v1/models/{MODEL}", b"", 400, "Malformed request: POST /v1/mod"),
        ("GET", "/v1/models/m", None, 404, "Could not find any versions of model m"),
        ("GET", "/v1/models/m/metadata", None, 404, "not found for request: Latest(m)"),
        ("GET", "/v1/models/caf%C3%A9", None, 404, "any versions of model café"),
        ("POST", "/v1/models/m:predict", b"{}", 404, "not found for request: Latest(m"),
        # Bad JSON for a model that is not there is bad JSON.
        ("POST", "/v1/models/m:predict", b"{", 400, "JSON Parse error: "),
        ("POST", PREDICT, b"", 400, "JSON Parse error: The document is empty"),
        ("POST", PREDICT, b"{}", 400, "Missing 'inputs' or 'instances' key"),
        (
            "POST",
            PREDICT,
            b'{"signature_name": "s", "instances": 1}',
            400,
            'Serving signature name: "s" not found in signature def',
        ),
        (
            "POST",
            PREDICT,
            b'{"signature_name": "__saved_model_init_op"}',
            400,
            "Failed to get input map for signature: __saved_model_init_op",
        ),
        (
            "POST",
            f"/v1/models/{MODEL}/versions/9:predict",
            b"{}",
            404,
            "Servable not found for request: Specific(cars, 9)",
        ),
        (
            "POST",
            f"/v1/models/{MODEL}/labels/new%20one:predict",
            b"{}",
            400,
            "Unrecognized servable version label: new one",
        ),
        (
            "POST",
            f"/v1/models/{MODEL}:classify",
            b"{}",
            400,
            "key 'examples' is expected and was not found",
        ),
        ("OPTIONS", PREDICT, None, 400, "Origin header is missing"),
    ],
    ids=lambda case: f"{case[0]} {case[1]} {case[3]}",
)
def test_wrong_rest_requests_get_tensorflow_servings_words(
    server: RunningServer, case: tuple[str, str, bytes | None, int, str]
) -> None:
    method, path, body, status, message = case
    found, answer = ask(server, path, body, method)
    assert found == status
    assert message in answer["error"]


def test_paths_and_numbers_out_of_range_have_their_own_answers(
    server: RunningServer,
) -> None:
    assert ask(server, "/") == (404, ask(server, "/v2/models")[1])
    assert ask(server, f"/v1/models/{MODEL}/versions/{2**63}") == (400, "")
    origin = {"Origin": "http://x"}
    assert ask(server, PREDICT, method="OPTIONS", headers=origin) == (200, "")


def test_prometheus_sees_requests_and_warmup(server: RunningServer, stub: Any) -> None:
    def count(pattern: str) -> float:
        page = ask(server, METRICS_PATH)[1]
        (value,) = re.findall(rf"^:tensorflow:serving:{pattern} (\S+)$", page, re.M)
        return float(value)

    stub.Predict(predict_request([PHOTO]), timeout=30)
    refused(stub.Predict, predict_request([b"x"]))
    counter = 'request_count{{model_name="cars",status="{}"}}'
    good, bad = (count(counter.format(status)) for status in ("OK", "INVALID_ARGUMENT"))
    ask(server, PREDICT, {"instances": [b64(PHOTO)]})
    ask(server, PREDICT, {"instances": [b64(b"x")]})
    assert count(counter.format("OK")) == good + 1
    assert count(counter.format("INVALID_ARGUMENT")) == bad + 1
    rest = 'request_latency_count{model_name="cars",API="predict",entrypoint="REST"}'
    assert count(rest) >= 1
    runs = 'runtime_latency_count{model_name="cars",API="Predict",runtime="TF1"}'
    assert count(runs) == count(counter.format("OK"))
    warmup = r'model_warmup_latency_count\{model_path="[^"]*/0003",status="OK"\}'
    assert count(warmup) == 1
    assert 'model "m"' not in ask(server, METRICS_PATH)[1]
