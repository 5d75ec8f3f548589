"""The gRPC API, asked with TensorFlow Serving's own stub."""

from __future__ import annotations

from typing import Any

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
)

from tests.serving.drawn_model import HEIGHT_PX, right_mask
from tests.serving.exported import SessionModel, decode_mask
from tests.serving.server.asking import (
    EXACT,
    MODEL,
    PHOTO,
    ask,
    b64,
    huge,
    predict_request,
    refused,
)
from tests.serving.server.running import RunningServer
from tests.tfds_builders import drawn_photos as drawn

pytestmark = pytest.mark.integration


def test_the_stub_gets_the_sessions_own_answer(stub: Any, local: SessionModel) -> None:
    photos = [PHOTO, drawn.encode(EXACT, "PNG")]
    response = stub.Predict(predict_request(photos), timeout=30)
    expected = local("serving_default", image_bytes=photos)
    assert response.model_spec.name == MODEL
    assert response.model_spec.version.value == 3
    assert response.model_spec.signature_name == "serving_default"
    assert set(response.outputs) == set(expected)
    for name, proto in response.outputs.items():
        assert not proto.tensor_content
        np.testing.assert_array_equal(tf.make_ndarray(proto), expected[name])
    assert list(response.outputs["height"].int_val) == [40, HEIGHT_PX]
    assert len(response.outputs["area_fraction"].float_val) == 6
    mask = decode_mask(response.outputs["mask_png_bytes"].string_val[1])
    np.testing.assert_array_equal(mask, right_mask(np.asarray(EXACT)))


def test_numbers_go_in_and_out_in_either_form(stub: Any, local: SessionModel) -> None:
    pixels = np.stack([np.asarray(EXACT)] * 2)
    expected = local("dense", image=pixels)["mask"]
    as_content = tf.make_tensor_proto(pixels)
    as_values = tf.make_tensor_proto(pixels)
    as_values.tensor_content = b""
    as_values.int_val.extend(pixels.ravel().tolist())
    for proto in (as_content, as_values):
        request = predict_pb2.PredictRequest()
        request.model_spec.name = MODEL
        request.model_spec.version.value = 3
        request.model_spec.signature_name = "dense"
        request.inputs["image"].CopyFrom(proto)
        answer = stub.Predict(request, timeout=30).outputs["mask"]
        assert answer.dtype == tf.uint8.as_datatype_enum and answer.int_val
        np.testing.assert_array_equal(tf.make_ndarray(answer), expected)


def test_one_value_fills_a_shape(stub: Any) -> None:
    request = predict_request([PHOTO], outputs=("height",))
    request.inputs["image_bytes"].tensor_shape.dim[0].size = 3
    answer = stub.Predict(request, timeout=30)
    assert list(answer.outputs) == ["height"]
    assert list(answer.outputs["height"].int_val) == [40, 40, 40]


def change(request: predict_pb2.PredictRequest, **fields: Any) -> Any:
    for name, value in fields.items():
        if name == "version":
            request.model_spec.version.value = value
        elif name == "drop":
            del request.inputs[value]
        elif name == "add":
            request.inputs[value].CopyFrom(tf.make_tensor_proto([b""]))
        else:
            setattr(request.model_spec, name, value)
    return request


@pytest.mark.parametrize(
    ("request_of", "code", "message"),
    [
        (predict_pb2.PredictRequest, "INVALID_ARGUMENT", "Missing ModelSpec"),
        (
            lambda: change(predict_request([PHOTO]), name=""),
            "INVALID_ARGUMENT",
            "ModelSpec has no name specified.",
        ),
        (
            lambda: change(predict_request([PHOTO]), name="m"),
            "NOT_FOUND",
            "Servable not found for request: Latest(m)",
        ),
        (
            lambda: change(predict_request([PHOTO]), version=9),
            "NOT_FOUND",
            "Servable not found for request: Specific(cars, 9)",
        ),
        (
            lambda: change(predict_request([PHOTO]), version_label="stable"),
            "INVALID_ARGUMENT",
            "Unrecognized servable version label: stable",
        ),
        (
            lambda: predict_request([PHOTO], "s"),
            "FAILED_PRECONDITION",
            'Serving signature key "s" not found.',
        ),
        (
            lambda: change(predict_request([PHOTO]), drop="image_bytes"),
            "INVALID_ARGUMENT",
            "input size does not match signature: 0!=1 len({}) != len({image_bytes})."
            " Sent extra: {}. Missing but required: {image_bytes}.",
        ),
        (
            lambda: change(predict_request([PHOTO]), drop="image_bytes", add="x"),
            "INVALID_ARGUMENT",
            "Signature input alias: image_bytes(feed name:"
            " serving_default_image_bytes:0) not found in request and no default value"
            " provided. Inputs expected to be in the request {x}, or default input"
            " alias set: ",
        ),
        (
            lambda: predict_request([PHOTO], outputs=("z",)),
            "INVALID_ARGUMENT",
            "output tensor alias not found in signature: z Outputs expected to be in"
            " the set {area_fraction,confidence,height,mask_png_bytes,width}.",
        ),
        (
            lambda: predict_request([PHOTO], outputs=("width", "width")),
            "INVALID_ARGUMENT",
            "duplicate output tensor alias: width",
        ),
    ],
)
def test_wrong_requests_get_tensorflow_servings_words(
    stub: Any, request_of: Any, code: str, message: str
) -> None:
    assert refused(stub.Predict, request_of()) == (code, message)


def test_a_tensor_that_contradicts_itself_is_refused(stub: Any) -> None:
    request = predict_request([PHOTO])
    request.inputs["image_bytes"].tensor_shape.dim[0].size = -5
    wanted = ("INVALID_ARGUMENT", "tensor parsing error: image_bytes")
    assert refused(stub.Predict, request) == wanted
    request.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto([1.0, 2.0]))
    request.inputs["image_bytes"].tensor_content = b"odd"
    assert refused(stub.Predict, request) == wanted


def test_another_type_is_the_graphs_own_error(stub: Any) -> None:
    request = predict_request([PHOTO])
    request.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto([1.0]))
    code, message = refused(stub.Predict, request)
    assert code == "INVALID_ARGUMENT"
    assert message == "Expects arg[0] to be string but float is provided"


def test_metadata_holds_every_signature(stub: Any, local: SessionModel) -> None:
    request = get_model_metadata_pb2.GetModelMetadataRequest()
    assert refused(stub.GetModelMetadata, request) == (
        *("INVALID_ARGUMENT", "Missing ModelSpec"),
    )
    request.model_spec.name = MODEL
    assert refused(stub.GetModelMetadata, request) == (
        "INVALID_ARGUMENT",
        "GetModelMetadataRequest must specify at least one metadata_field",
    )
    request.metadata_field.append("x")
    assert refused(stub.GetModelMetadata, request) == (
        *("INVALID_ARGUMENT", "Metadata field x is not supported"),
    )
    request.metadata_field[0] = "signature_def"
    response = stub.GetModelMetadata(request, timeout=30)
    assert response.model_spec.version.value == 3
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    assert dict(signatures.signature_def) == dict(local.signatures)


def test_status_tells_the_version(channel: grpc.Channel) -> None:
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    request = get_model_status_pb2.GetModelStatusRequest()
    assert refused(stub.GetModelStatus, request)[1] == "Missing ModelSpec"
    request.model_spec.name = MODEL
    (entry,) = stub.GetModelStatus(request, timeout=30).model_version_status
    assert (entry.version, entry.state) == (3, 30)
    assert (entry.status.error_code, entry.status.error_message) == (0, "")
    request.model_spec.version.value = 9
    assert refused(stub.GetModelStatus, request) == (
        *("NOT_FOUND", "Could not find version 9 of model cars"),
    )
    request.model_spec.name = "m"
    request.model_spec.ClearField("version")
    assert refused(stub.GetModelStatus, request) == (
        *("NOT_FOUND", "Could not find any versions of model m"),
    )


def test_a_bad_photo_of_a_batch_is_named_and_the_server_lives_on(
    server: RunningServer, stub: Any
) -> None:
    batch = [PHOTO, PHOTO, b"no photo", PHOTO]
    words = "image_bytes[2] must be JPEG, PNG, BMP or GIF, got 8 bytes of another kind"
    code, message = refused(stub.Predict, predict_request(batch))
    assert code == "INVALID_ARGUMENT" and words in message
    body = {"instances": [b64(photo) for photo in batch]}
    status, answer = ask(server, f"/v1/models/{MODEL}:predict", body)
    assert status == 400 and words in answer["error"]
    assert stub.Predict(predict_request([PHOTO]), timeout=30).outputs


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "bmp"])
def test_a_picture_of_a_billion_pixels_is_refused_before_it_is_decoded(
    server: RunningServer, stub: Any, kind: str
) -> None:
    words = (
        "image_bytes[1] must have at most 100000000 pixels, got 30000x30000; scale the"
        " photo down, or start the server with a larger --max_image_pixels"
    )
    batch = [PHOTO, huge(kind)]
    for signature in ("serving_default", "mask_ids"):
        assert refused(stub.Predict, predict_request(batch, signature)) == (
            *("INVALID_ARGUMENT", words),
        )
    body = {"inputs": [b64(photo) for photo in batch]}
    assert ask(server, f"/v1/models/{MODEL}:predict", body) == (400, {"error": words})


def test_a_picture_inside_a_record_is_no_way_round(
    server: RunningServer, stub: Any
) -> None:
    example = tf.train.Example()
    example.features.feature["image"].bytes_list.value.append(huge("png"))
    example.features.feature["orientation"].int64_list.value.append(1)
    request = predict_pb2.PredictRequest()
    request.model_spec.name = MODEL
    request.model_spec.signature_name = "examples"
    records = [example.SerializeToString()]
    request.inputs["examples"].CopyFrom(tf.make_tensor_proto(records))
    code, message = refused(stub.Predict, request)
    assert code == "INVALID_ARGUMENT"
    assert message.startswith("image of examples[0] must have at most 100000000 pixels")
