"""Reads the text MonitoringConfig, whose message the wheel of the API lacks."""

from __future__ import annotations

from typing import Any

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)

from serving.server.settings.text_proto import read_text_proto

DEFAULT_METRICS_PATH = "/monitoring/prometheus/metrics"
_PACKAGE = "carseg.serving"  # TensorFlow Serving's own name may be taken one day


def read_metrics_path(path: str) -> str | None:
    """Returns where metrics are shown, None where they are off."""
    config = _message_class()()
    read_text_proto(
        path, config, flag="monitoring_config_file", kind="MonitoringConfig"
    )
    prometheus = config.prometheus_config
    return (prometheus.path or DEFAULT_METRICS_PATH) if prometheus.enable else None


def _message_class() -> Any:
    """Builds the messages of monitoring_config.proto with its names and numbers."""
    file = descriptor_pb2.FileDescriptorProto(
        name="carseg/serving/monitoring_config.proto", package=_PACKAGE, syntax="proto3"
    )
    kinds = descriptor_pb2.FieldDescriptorProto
    prometheus = file.message_type.add(name="PrometheusConfig")
    once = kinds.LABEL_OPTIONAL
    prometheus.field.add(name="enable", number=1, type=kinds.TYPE_BOOL, label=once)
    prometheus.field.add(name="path", number=2, type=kinds.TYPE_STRING, label=once)
    file.message_type.add(name="MonitoringConfig").field.add(
        name="prometheus_config",
        number=1,
        type=kinds.TYPE_MESSAGE,
        type_name=f".{_PACKAGE}.PrometheusConfig",
        label=once,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName(f"{_PACKAGE}.MonitoringConfig")
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)
