"""A configuration round-trips, names what is wrong, and refuses the impossible."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.presets import PRESETS, preset


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_reads_back_from_its_json_and_its_yaml(name: str) -> None:
    config = preset(name)
    values = config.to_dict()

    assert PipelineConfig.from_dict(json.loads(json.dumps(values))) == config
    assert PipelineConfig.from_dict(yaml.safe_load(yaml.safe_dump(values))) == config


def test_a_replaced_field_changes_only_itself() -> None:
    config = PipelineConfig().replaced({"data": {"task": "parts"}})

    assert config.data.task == "parts"
    assert config.replaced({"data": {"task": "car"}}) == PipelineConfig()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"dta": {}}, "no stage named 'dta'; did you mean data"),
        ({"data": {"tsk": "car"}}, "no field of data named 'tsk'; did you mean task"),
        ({"data": 3}, "data must be a mapping of fields, got 3"),
        ({"data": {"task": 3}}, "data.task must be str, got 3"),
        ({"data": {"task": ""}}, "data.task must be the name of a task"),
        ({"data": {"max_skipped_share": 1.5}}, "data.max_skipped_share .* got 1.5"),
        ({"data": {"max_skipped_share": "x"}}, "max_skipped_share must be float"),
        ({"data": {"examples_per_shard": 0}}, "examples_per_shard must be 1 or more"),
        ({"data": {"verify_bytes": 1}}, "data.verify_bytes must be bool, got 1"),
        ({"data": {"options": [1]}}, "data.options must be Mapping"),
        ({"beam": {"running_mode": "dask"}}, "in_memory, multi_threading, multi_proc"),
        ({"beam": {"workers": True}}, "beam.workers must be int, got True"),
        ({"beam": {"workers": -1}}, "beam.workers must be 0 or more, got -1"),
        ({"run": {"name": "a/b"}}, "run.name must be a name without '/'"),
        ({"privacy": {"keep_metadata": "no"}}, "keep_metadata must be bool"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_impossible_value_is_refused_by_field_and_value(
    values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        PipelineConfig.from_dict(values)


def test_a_whole_number_fills_a_float_field_as_a_float() -> None:
    config = PipelineConfig.from_dict({"data": {"max_skipped_share": 1}})

    assert isinstance(config.data.max_skipped_share, float)


def test_beam_settings_become_the_engines_flags() -> None:
    config = PipelineConfig.from_dict(
        {"beam": {"running_mode": "multi_processing", "workers": 2}}
    )

    assert config.beam.pipeline_args()[:3] == [
        "--runner=DirectRunner",
        "--direct_running_mode=multi_processing",
        "--direct_num_workers=2",
    ]


def test_an_unknown_preset_names_its_neighbour() -> None:
    with pytest.raises(ValueError, match="'smoky'; did you mean smoke"):
        preset("smoky")
