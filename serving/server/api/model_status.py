"""The states of a model's versions, as GetModelStatus tells them."""

from __future__ import annotations

from typing import Any

from tensorflow_serving.apis import get_model_status_pb2

from serving.server.errors import Code, NotFoundError
from serving.server.models.model_manager import ModelManager


def model_status(
    manager: ModelManager, spec: Any
) -> get_model_status_pb2.GetModelStatusResponse:
    """Returns the state of one version or of all; a label is not looked at.

    Raises:
        NotFoundError: There never was such a version.
    """
    statuses = manager.statuses(spec.name)
    if spec.HasField("version"):
        number = spec.version.value
        statuses = [item for item in statuses if item.version == number]
        if not statuses:
            raise NotFoundError(f"Could not find version {number} of model {spec.name}")
    if not statuses:
        raise NotFoundError(f"Could not find any versions of model {spec.name}")
    response = get_model_status_pb2.GetModelStatusResponse()
    for item in statuses:
        entry = response.model_version_status.add(
            version=item.version, state=int(item.state)
        )
        entry.status.error_code = item.error.code if item.error else Code.OK
        entry.status.error_message = item.error.message if item.error else ""
    return response
