"""Each recipe names a builder, a configuration and slices that there are."""

from __future__ import annotations

import importlib

import pytest

from components.segmentation_metrics.condition_names import CONDITIONS
from tfx_pipeline.config import predecessors, recipes
from tfx_pipeline.config.builders import builder_path
from tfx_pipeline.config.presets import PRESETS
from tfx_pipeline.pipeline.record_schema import SLICE_FEATURES

RECIPES = [
    name
    for name, make in PRESETS.items()
    if make.__module__ in (recipes.__name__, predecessors.__name__)
]


def test_every_recipe_is_a_preset() -> None:
    assert RECIPES == [
        "carvana",
        "cityscapes_pairs",
        "car_parts",
        "car_damage_aihub",
        "car_damage_small",
        "predecessor_a",
        "predecessor_b",
        "predecessor_c",
        "predecessor_d",
        "predecessor_e",
    ]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_fits_its_builder(name: str) -> None:
    config = PRESETS[name]()
    module, _, cls = builder_path(config.data.builder).rpartition(".")

    builder = getattr(importlib.import_module(module), cls)

    known = [entry.name for entry in builder.BUILDER_CONFIGS]
    assert config.data.config is None or config.data.config in known
    assert {*config.evaluate.slice_features} <= {
        *SLICE_FEATURES,
        *CONDITIONS,
        *builder.SLICE_FEATURES,
    }
