"""Takes another configuration at a client's request."""

from __future__ import annotations

import logging
from typing import Any

from tensorflow_serving.apis import model_management_pb2

from serving.server.errors import Code, InvalidArgumentError, ServingError
from serving.server.models.model_catalog import ModelCatalog
from serving.server.watching.metrics import Metrics

_LOG = logging.getLogger(__name__)


def reload_config(
    catalog: ModelCatalog, metrics: Metrics, request: Any, until: float | None
) -> model_management_pb2.ReloadConfigResponse:
    """Returns once all new models answer.

    Raises:
        ServingError: The configuration is refused; the one before is served.
    """
    before = {name: metrics.value(name) for name in request.metric_names}
    try:
        if request.config.WhichOneof("config") != "model_config_list":
            raise InvalidArgumentError(
                "ServerModelConfig type not supported by HandleReloadConfigRequest."
                " Only ModelConfigList is currently supported"
            )
        catalog.replace(request.config, until)
    except ServingError as err:
        _LOG.error("ReloadConfig failed: %s", err)
        raise
    response = model_management_pb2.ReloadConfigResponse()
    response.status.error_code = Code.OK
    for name, value in before.items():
        response.metric.add(name=name, int64_value_increase=metrics.value(name) - value)
    return response
