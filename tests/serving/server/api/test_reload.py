from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_pb2,
)

from serving.server.api.call import CallOptions
from serving.server.api.service import ModelService
from serving.server.errors import Code, NotFoundError, ServingError
from serving.server.watching.metrics import Metrics
from tests.serving.server.models.fake_loader import (
    FakeRunner,
    Loader,
    wait_until,
)
from tests.serving.server.models.version_folders import (
    add_version,
    config_text,
    entry,
    running_catalog,
)

ALL = "model_version_policy { all {} }"
REQUESTS = "/tensorflow/serving/request_count"


class CountingLoader(Loader):
    """Counts a request whenever it loads, so that a reload can tell of it."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def __call__(self, name: str, path: str) -> FakeRunner:
        self._metrics.count_request(name, "OK")
        return super().__call__(name, path)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def service(metrics: Metrics) -> Iterator[ModelService]:
    with running_catalog(CountingLoader(metrics)) as (catalog, manager):
        yield ModelService(
            manager, catalog=catalog, options=CallOptions(), metrics=metrics
        )


def request(text: str, *names: str) -> model_management_pb2.ReloadConfigRequest:
    message = model_management_pb2.ReloadConfigRequest(metric_names=names)
    text_format.Parse(text, message.config)
    return message


def reload(service: ModelService, *entries: str, metrics: tuple[str, ...] = ()) -> Any:
    return service.reload(
        request(config_text(*entries), *metrics), time.monotonic() + 10
    )


def spec(name: str, **choice: str) -> model_pb2.ModelSpec:
    return model_pb2.ModelSpec(name=name, **choice)


def state_of(
    service: ModelService, model: model_pb2.ModelSpec
) -> list[tuple[int, int]]:
    answer = service.status(
        get_model_status_pb2.GetModelStatusRequest(model_spec=model)
    )
    return [(item.version, item.state) for item in answer.model_version_status]


def test_a_reload_answers_once_the_new_model_does(
    service: ModelService, tmp_path: Path
) -> None:
    add_version(tmp_path, 4)
    response = reload(service, entry("m", tmp_path))
    assert response == model_management_pb2.ReloadConfigResponse(status={})
    assert response.status.error_code == Code.OK
    assert state_of(service, spec("m")) == [(4, 30)]


def test_a_reload_tells_by_how_much_metrics_grew(
    service: ModelService, metrics: Metrics, tmp_path: Path
) -> None:
    add_version(tmp_path, 1)
    metrics.count_request("m", "OK")
    metrics.count_request("m", "OK")
    response = reload(service, entry("m", tmp_path), metrics=(REQUESTS, "/no/such"))
    assert {(item.name, item.int64_value_increase) for item in response.metric} == {
        (REQUESTS, 1),
        ("/no/such", 0),
    }


@pytest.mark.parametrize("text", ["", "custom_model_config {}"], ids=["none", "other"])
def test_only_a_list_of_models_can_be_reloaded(
    service: ModelService, text: str
) -> None:
    with pytest.raises(ServingError) as raised:
        service.reload(request(text))
    assert str(raised.value) == (
        "INVALID_ARGUMENT: ServerModelConfig type not supported by"
        " HandleReloadConfigRequest. Only ModelConfigList is currently supported"
    )


def test_a_version_is_asked_by_its_label(service: ModelService, tmp_path: Path) -> None:
    for number in (1, 2):
        add_version(tmp_path, number)
    reload(service, entry("m", tmp_path, ALL))
    wait_until(lambda: state_of(service, spec("m")) == [(2, 30), (1, 30)])
    words = 'version_labels { key: "old" value: 1 }'
    reload(service, entry("m", tmp_path, ALL + words))
    with service.servable(spec("m", version_label="old")) as servable:
        assert servable.version == 1
    with service.servable(spec("m")) as servable:
        assert servable.version == 2
    metadata = get_model_metadata_pb2.GetModelMetadataRequest(
        model_spec=spec("m", version_label="old"), metadata_field=["signature_def"]
    )
    answered = service.metadata(metadata).model_spec
    assert (answered.name, answered.version.value) == ("m", 1)

    for label in ("new", ""):
        with pytest.raises(ServingError) as raised:
            service.servable(spec("m", version_label=label))
        assert str(raised.value) == (
            f"INVALID_ARGUMENT: Unrecognized servable version label: {label}"
        )
    # The status does not look at labels, not even at wrong ones.
    assert state_of(service, spec("m", version_label="new")) == [(2, 30), (1, 30)]


def test_a_label_outlives_its_version(service: ModelService, tmp_path: Path) -> None:
    add_version(tmp_path, 1)
    reload(service, entry("m", tmp_path))
    reload(service, entry("m", tmp_path, 'version_labels { key: "x" value: 1 }'))
    add_version(tmp_path, 2)
    wait_until(lambda: state_of(service, spec("m")) == [(2, 30), (1, 50)])
    with (
        pytest.raises(NotFoundError, match=r"for request: Specific\(m, 1\)"),
        service.servable(spec("m", version_label="x")),
    ):
        pass


def test_versions_that_ended_stay_listed(service: ModelService, tmp_path: Path) -> None:
    add_version(tmp_path, 1)
    reload(service, entry("m", tmp_path))
    reload(service)
    wait_until(lambda: state_of(service, spec("m")) == [(1, 50)])
    answer = service.status(
        get_model_status_pb2.GetModelStatusRequest(model_spec=spec("m"))
    )
    assert answer.model_version_status[0].status.error_code == Code.OK
    numbered = spec("m")
    numbered.version.value = 9
    for model, words in [
        (numbered, "Could not find version 9 of model m"),
        (spec("other"), "Could not find any versions of model other"),
    ]:
        with pytest.raises(NotFoundError) as raised:
            state_of(service, model)
        assert raised.value.message == words
