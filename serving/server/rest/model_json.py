"""Status and metadata of a model as the JSON that TensorFlow Serving writes."""

from __future__ import annotations

import inspect

from google.protobuf import json_format
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2


def status_json(status: get_model_status_pb2.GetModelStatusResponse) -> bytes:
    """Returns the body of a status; the messages name their fields for JSON."""
    text = json_format.MessageToJson(status, **_with_defaults(), indent=1)
    return f"{text}\n".encode()


def metadata_json(
    metadata: get_model_metadata_pb2.GetModelMetadataResponse,
) -> bytes:
    """Returns the body of a model's metadata."""
    signatures = get_model_metadata_pb2.SignatureDefMap()
    metadata.metadata["signature_def"].Unpack(signatures)
    spec, map_text = (
        json_format.MessageToJson(
            message,
            **_with_defaults(),
            preserving_proto_field_name=True,
            indent=1,
        )
        for message in (metadata.model_spec, signatures)
    )
    return (
        f'{{\n"model_spec":{spec}\n,\n"metadata": '
        f'{{"signature_def": {map_text}\n}}\n}}\n'
    ).encode()


def _with_defaults() -> dict[str, bool]:
    """The option that writes fields without a value too; protobuf 5 renamed it."""
    renamed = "always_print_fields_with_no_presence"
    known = inspect.signature(json_format.MessageToJson).parameters
    return {renamed if renamed in known else "including_default_value_fields": True}
