from __future__ import annotations

from typing import Any

import pytest

from components.serving_validator.settings import ServingSettings
from tfx_pipeline.config.serving import PushConfig, ServeConfig
from tfx_pipeline.config.stage_fields import filled, to_plain


def test_what_is_configured_reaches_the_validator() -> None:
    values = {"command": ["srv", "--port={port}"], "max_p95_ms": 50}
    config = filled("serve", ServeConfig(), values)

    assert config.settings("car") == ServingSettings(
        model_name="car", command=("srv", "--port={port}"), max_p95_ms=50
    )
    assert ServeConfig().settings("car") == ServingSettings(model_name="car")
    assert filled("serve", ServeConfig(), to_plain(config)) == config


@pytest.mark.parametrize(
    ("stage", "values", "sentence"),
    [
        (ServeConfig(), {"command": []}, "serve: serve.command must name a program"),
        (ServeConfig(), {"command": ["{prt}"]}, r"serve: .*got '\{prt\}'"),
        (ServeConfig(), {"load_timeout_s": 0}, "serve: load_timeout_s must be above 0"),
        (PushConfig(), {"directory": ""}, "push.directory must be a folder, got ''"),
        (PushConfig(), {"keep_versions": -1}, "push.keep_versions must be 0 or more"),
        (PushConfig(), {"approval": " "}, "push.approval must be a file .* got ' '"),
        (PushConfig(), {"approval": "gs://b/a"}, "a file of this machine, got 'gs:"),
        (PushConfig(), {"approval": True}, r"approval must be str \| None, got True"),
    ],
)
def test_an_impossible_value_is_refused(
    stage: Any, values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        filled("stage", stage, values)
