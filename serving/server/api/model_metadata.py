"""The signatures of a version, as GetModelMetadata tells them."""

from __future__ import annotations

from collections.abc import Sequence

from tensorflow_serving.apis import get_model_metadata_pb2

from serving.server.errors import InvalidArgumentError
from serving.server.models.servable import Servable

_SIGNATURES = "signature_def"


def check_fields(fields: Sequence[str]) -> None:
    """Refuses a request for anything but the signatures.

    Raises:
        InvalidArgumentError: It asks for nothing, or for something else.
    """
    if not fields:
        raise InvalidArgumentError(
            "GetModelMetadataRequest must specify at least one metadata_field"
        )
    for field in fields:
        if field != _SIGNATURES:
            raise InvalidArgumentError(f"Metadata field {field} is not supported")


def describe(servable: Servable) -> get_model_metadata_pb2.GetModelMetadataResponse:
    """Returns the signatures of a version that somebody holds."""
    response = get_model_metadata_pb2.GetModelMetadataResponse()
    response.model_spec.name = servable.name
    response.model_spec.version.value = servable.version
    signatures = get_model_metadata_pb2.SignatureDefMap(
        signature_def=servable.runner.signatures
    )
    response.metadata[_SIGNATURES].Pack(signatures)
    return response
