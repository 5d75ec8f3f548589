from __future__ import annotations

from pathlib import Path

import pytest

from serving.server.errors import ServingError
from serving.server.settings.model_config import ModelSettings, read_model_config
from serving.server.settings.monitoring_config import read_metrics_path
from serving.server.settings.version_policy import VersionPolicy


def config(*entries: str) -> str:
    models = "".join(f"config {{ {entry} }}\n" for entry in entries)
    return f"model_config_list {{\n{models}}}\n"


def entry(name: str = "a", path: str = "/models/a", rest: str = "") -> str:
    return f'name: "{name}" base_path: "{path}" model_platform: "tensorflow" {rest}'


def test_models_come_with_their_policies(tmp_path: Path) -> None:
    file = tmp_path / "models.config"
    latest = "model_version_policy { latest { num_versions: 3 } }"
    specific = "model_version_policy { specific { versions: 7 versions: 5 } }"
    every = "model_version_policy { all {} }"
    file.write_text(
        config(
            entry(),
            entry("b", "gs://bucket/b", latest),
            entry("c", "/c", specific),
            entry("d", "/d", every),
            'name: "e" base_path: "/e" model_type: TENSORFLOW',
            entry("f", "/f", 'version_labels { key: "stable" value: 1 }'),
        )
    )
    assert read_model_config(str(file)) == (
        ModelSettings(name="a", base_path="/models/a"),
        ModelSettings(
            name="b", base_path="gs://bucket/b", policy=VersionPolicy(latest=3)
        ),
        ModelSettings(
            name="c",
            base_path="/c",
            policy=VersionPolicy(latest=None, specific=(7, 5)),
        ),
        ModelSettings(name="d", base_path="/d", policy=VersionPolicy(latest=None)),
        ModelSettings(name="e", base_path="/e"),
        ModelSettings(name="f", base_path="/f", labels={"stable": 1}),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "model_config_list {",
            "Error parsing text-format tensorflow.serving.ModelServerConfig",
        ),
        ("nonsense: 3", "Error parsing text-format"),
        ("custom_model_config {}", "does not yet support custom model config"),
        (config(entry(), entry()), "Illegal to list model a multiple times"),
        (
            config(entry(path="rel")),
            r"Expected model a to have an absolute path or URI; got base_path\(\)=rel",
        ),
        (
            config('name: "a" base_path: "/a" model_platform: "caffe"'),
            "Model a requests unsupported platform caffe",
        ),
        (config('name: "a" base_path: "/a"'), "Illegal setting neither"),
        (config(entry(rest="logging_config {}")), "No request-logger-creator"),
        (
            config(entry(rest="model_type: TENSORFLOW")),
            r"Illegal setting both ModelServerConfig::model_type \(deprecated\) and"
            " ModelServerConfig::model_platform.",
        ),
        (
            config('name: "a" base_path: "/a" model_type: OTHER'),
            "ModelServerConfig::model_type choice 2 not supported.",
        ),
        (
            config(entry(rest="model_version_policy { specific {} }")),
            "a specific policy must name versions",
        ),
    ],
)
def test_illegal_configurations_are_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "models.config"
    file.write_text(text)
    with pytest.raises(ServingError, match=message):
        read_model_config(str(file))


@pytest.mark.parametrize("text", ["", "# nothing\n", config()])
def test_a_configuration_may_be_empty(tmp_path: Path, text: str) -> None:
    file = tmp_path / "models.config"
    file.write_text(text)
    assert read_model_config(str(file)) == ()


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "models.config"
    file.write_bytes(b'model_config_list { config { name: "\xff" } }')
    with pytest.raises(ServingError, match="Error parsing text-format tensorflow"):
        read_model_config(str(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match=r"readable file, got .*no\.config.*: No su"):
        read_model_config(str(tmp_path / "no.config"))
    with pytest.raises(ServingError, match="monitoring_config_file must be a readable"):
        read_metrics_path(str(tmp_path / "no.config"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('prometheus_config { enable: true, path: "/metrics" }', "/metrics"),
        ("prometheus_config { enable: true }", "/monitoring/prometheus/metrics"),
        ('prometheus_config { path: "/metrics" }', None),
        ("", None),
    ],
)
def test_metrics_are_shown_where_the_file_says(
    tmp_path: Path, text: str, path: str | None
) -> None:
    file = tmp_path / "monitoring.config"
    file.write_text(text)
    assert read_metrics_path(str(file)) == path


def test_a_monitoring_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "monitoring.config"
    file.write_text("prometheus { }")
    with pytest.raises(ServingError, match="Error parsing text-format"):
        read_metrics_path(str(file))
