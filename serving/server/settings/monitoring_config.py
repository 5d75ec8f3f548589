"""Reads the text MonitoringConfig, whose message the wheel of the API lacks."""

from __future__ import annotations

from serving.server.settings.small_message import BOOL, STRING, message_class
from serving.server.settings.text_proto import read_text_proto

DEFAULT_METRICS_PATH = "/monitoring/prometheus/metrics"
_Prometheus = message_class(
    "PrometheusConfig", {"enable": (1, BOOL), "path": (2, STRING)}
)
_Message = message_class("MonitoringConfig", {"prometheus_config": (1, _Prometheus)})


def read_metrics_path(path: str) -> str | None:
    """Returns where metrics are shown, None where they are off."""
    config = _Message()
    read_text_proto(
        path, config, flag="monitoring_config_file", kind="MonitoringConfig"
    )
    prometheus = config.prometheus_config
    return (prometheus.path or DEFAULT_METRICS_PATH) if prometheus.enable else None
