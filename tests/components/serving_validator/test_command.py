from __future__ import annotations

from typing import Any

import pytest

from components.serving_validator.command import DEFAULT_COMMAND, fill_command
from components.serving_validator.settings import ServingSettings

VALUES = {
    "python": "/usr/bin/python3",
    "port": 8500,
    "rest_port": 8501,
    "model_name": "car",
    "base_path": "/tmp/models/car",
}


def test_the_default_command_starts_our_server_with_tf_servings_flags() -> None:
    assert fill_command(DEFAULT_COMMAND, VALUES) == [
        "/usr/bin/python3",
        "-m",
        "serving.server",
        "--port=8500",
        "--rest_api_port=8501",
        "--model_name=car",
        "--model_base_path=/tmp/models/car",
        "--max_num_load_retries=0",
    ]


def test_braces_that_are_doubled_stay() -> None:
    assert fill_command(["docker", "{{{port}:8500}}"], VALUES) == [
        "docker",
        "{8500:8500}",
    ]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ((), r"serve\.command must name a program, got an empty list"),
        (("x", "--to={host}"), r"placeholders \{python\}, .* got '--to=\{host\}'"),
        (("x", "{}"), r"got '\{\}'; write \{\{ and \}\} for braces that stay"),
        (("x", "{port"), r"must have its braces in pairs, got '\{port'"),
    ],
)
def test_a_command_that_cannot_be_filled_is_refused(
    command: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        ServingSettings(model_name="car", command=command)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"latency_requests": 0}, "latency_requests must be 1 or more, got 0"),
        ({"max_differing_share": 1.5}, "between 0 and 1, got 1.5"),
        ({"load_timeout_s": 0}, "load_timeout_s must be above 0, got 0"),
        ({"max_p95_ms": -1.0}, "max_p95_ms must be above 0, got -1.0"),
    ],
)
def test_impossible_settings_are_refused(
    options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        ServingSettings(model_name="car", **options)


def test_settings_read_back() -> None:
    settings = ServingSettings(
        model_name="car", command=("a", "{port}"), max_memory_mb=900.0
    )
    assert ServingSettings.from_dict(settings.to_dict()) == settings
