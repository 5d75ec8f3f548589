"""A configuration round-trips, names what is wrong, and refuses the impossible."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tfx_pipeline.config.augment import CARVANA
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
    assert config.replaced({"data": {"task": None}}) == PipelineConfig()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"dta": {}}, "no stage named 'dta'; did you mean data"),
        ({"data": {"tsk": "car"}}, "no field of data named 'tsk'; did you mean task"),
        ({"data": 3}, "data must be a mapping of fields, got 3"),
        ({"data": {"task": 3}}, r"data.task must be str \| None, got 3"),
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
        ({"run": {"until": "serve"}}, "run.until must be one of audit, train, package"),
        ({"privacy": {"keep_metadata": "no"}}, "keep_metadata must be bool"),
        ({"prepare": {"augment": {"hue": 2}}}, "augment.hue must be a number between"),
        ({"prepare": {"augment": 3}}, "prepare.augment must be a mapping of fields"),
        ({"prepare": {"augment": "carvanna"}}, "did you mean carvana"),
        ({"prepare": {"height_px": 100}}, "unet needs a height .* nearest: 96 or 112"),
        ({"model": {"name": "unets"}}, "no model named 'unets'; did you mean unet"),
        ({"training": {"epochs": 0}}, "training.epochs must be 1 or more, got 0"),
        ({"evaluate": {"slice_features": "view"}}, "must be a list of str, got 'view'"),
        ({"evaluate": {"slice_features": [3]}}, "slice_features must be a list of str"),
        ({"gate": {"values": [{"at_least": 1}]}}, "gate: a threshold needs a metric"),
        ({"candidates": {"further": {"A b": {}}}}, "lower-case letters, digits and _"),
        (
            {"candidates": {"further": {"b": {"modl": {}}}}},
            "no stage of candidates.further.b named 'modl'; did you mean model",
        ),
        (
            {"candidates": {"further": {"b": {"model": {"depht": 3}}}}},
            "no field of candidates.further.b.model named 'depht'; did you mean depth",
        ),
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


def test_a_named_policy_and_single_fields_fill_the_augmentation() -> None:
    named = PipelineConfig.from_dict({"prepare": {"augment": "carvana"}})
    single = PipelineConfig.from_dict({"prepare": {"augment": {"copies": 5}}})

    assert named.prepare.augment == CARVANA
    assert single.prepare.augment.copies == 5
    assert single.prepare.height_px == 256


def test_a_further_candidate_differs_where_it_says_so() -> None:
    config = PipelineConfig.from_dict(
        {
            "model": {"base_width": 8},
            "training": {"epochs": 3},
            "candidates": {"further": {"big": {"model": {"name": "deeplab_v3_plus"}}}},
        }
    )

    trainings = config.trainings()

    assert list(trainings) == ["", "big"]
    assert trainings[""] == (config.model, config.training)
    model, training = trainings["big"]
    assert (model.name, model.base_width) == ("deeplab_v3_plus", 8)
    assert training == config.training


def test_the_size_must_fit_every_candidate() -> None:
    with pytest.raises(ValueError, match=r"deeplab_v3_plus needs a height .* 32 px"):
        PipelineConfig.from_dict(
            {
                "prepare": {"height_px": 48, "width_px": 64},
                "candidates": {
                    "further": {"b": {"model": {"name": "deeplab_v3_plus"}}}
                },
            }
        )
