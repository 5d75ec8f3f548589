from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tfx_pipeline.config.augment import (
    CARVANA,
    NO_AUGMENT,
    POLICIES,
    AugmentConfig,
    augment_policy,
)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        (
            "where",
            "evaluator",
            "one of none, transform, trainer, both, got 'evaluator'",
        ),
        ("fill", "mirror", "one of nearest, reflect, wrap, constant, got 'mirror'"),
        ("copies", -1, "a whole number between 0 and 64, got -1"),
        ("copies", 1.5, "a whole number between 0 and 64, got 1.5"),
        ("jpeg_quality_min", 0, "a whole number between 1 and 100, got 0"),
        ("rotation_deg", 181, "a number between 0 and 180, got 181"),
        ("shift", -0.1, "a number between 0 and 1, got -0.1"),
        ("shear", "0.2", "a number between 0 and 1, got '0.2'"),
        ("zoom", 1, "a number between 0 and 0.9, got 1"),
        ("hue", 0.6, "a number between 0 and 0.5, got 0.6"),
        ("brightness", math.nan, "a number between 0 and 1, got nan"),
        ("blur_sigma_px", 9, "a number between 0 and 8, got 9"),
        ("flip_probability", True, "a number between 0 and 1, got True"),
        ("zoom_keeps_aspect", 1, "true or false, got 1"),
    ],
)
def test_an_impossible_value_is_refused_by_field_and_value(
    field: str, value: Any, rule: str
) -> None:
    with pytest.raises(ValueError) as caught:
        AugmentConfig(**{field: value})
    assert str(caught.value) == f"augment.{field} must be {rule}"


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_survives_json(name: str) -> None:
    policy = augment_policy(name)
    assert AugmentConfig.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


def test_an_unknown_field_or_policy_is_refused_with_what_is_near() -> None:
    with pytest.raises(ValueError, match="no field of augment named 'rotation'"):
        AugmentConfig.from_dict({"rotation": 3})
    with pytest.raises(ValueError, match="did you mean carvana"):
        augment_policy("caravana")


def test_carvana_is_what_its_predecessor_used() -> None:
    assert (CARVANA.rotation_deg, CARVANA.shift, CARVANA.shear) == (90.0, 0.2, 0.2)
    assert (CARVANA.zoom, CARVANA.flip_probability, CARVANA.fill) == (
        0.2,
        0.5,
        "nearest",
    )
    assert not CARVANA.zoom_keeps_aspect
    assert CARVANA.brightness == CARVANA.hue == CARVANA.blur_sigma_px == 0
    assert CARVANA.jpeg_quality_min == 100


@pytest.mark.parametrize(
    ("where", "copies", "in_trainer"),
    [
        ("none", 0, False),
        ("transform", 2, False),
        ("trainer", 0, True),
        ("both", 2, True),
    ],
)
def test_where_decides_who_augments(where: Any, copies: int, in_trainer: bool) -> None:
    config = AugmentConfig(where=where, copies=2)
    assert config.transform_copies == copies
    assert config.in_trainer is in_trainer


def test_the_policy_none_does_nothing_anywhere() -> None:
    assert NO_AUGMENT.transform_copies == 0
    assert not NO_AUGMENT.in_trainer
