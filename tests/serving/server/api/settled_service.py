"""A service of models that are there already, and whose folders nobody looks at."""

from __future__ import annotations

from serving.server.api.call import CallOptions
from serving.server.api.service import ModelService
from serving.server.models.model_catalog import ModelCatalog
from serving.server.models.model_manager import ModelManager
from serving.server.models.version_source import VersionSource
from serving.server.watching.metrics import Metrics


def settled_service(
    manager: ModelManager, metrics: Metrics | None = None
) -> ModelService:
    source = VersionSource(period_s=0, aspire=manager.aspire)  # is never started
    return ModelService(
        manager,
        catalog=ModelCatalog(manager, source),
        options=CallOptions(),
        metrics=metrics or Metrics(),
    )
