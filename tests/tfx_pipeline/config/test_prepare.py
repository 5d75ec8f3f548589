from __future__ import annotations

import json
from typing import Any

import pytest

from tfx_pipeline.config.augment import CARVANA
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.transform_settings import TransformSettings


def test_nested_settings_survive_json() -> None:
    prepare = PrepareConfig(height_px=96, width_px=128, augment=CARVANA)
    settings = TransformSettings(
        task="parts", prepare=prepare, flip_ids=(0, 2, 1), seed=7, code_fingerprint="f"
    )
    read = json.loads(json.dumps(settings.to_dict()))
    assert TransformSettings.from_dict(read) == settings
    assert PrepareConfig.from_dict(prepare.to_dict()) == prepare


def test_missing_values_take_their_defaults() -> None:
    config = PrepareConfig.from_dict({"height_px": 64, "augment": {"copies": 5}})
    assert (config.height_px, config.width_px, config.augment.copies) == (64, 256, 5)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"height_px": 8}, "prepare.height_px must be a whole number between 16"),
        ({"width_px": 64.5}, "prepare.width_px must be int, got 64.5"),
        ({"height": 8}, "no field of prepare named 'height'"),
        ({"augment": "lite"}, "no augment policy named 'lite'; did you mean light"),
        ({"augment": {"hue": 2}}, "augment.hue must be a number between 0 and 0.5"),
    ],
)
def test_an_impossible_size_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PrepareConfig.from_dict(values)


@pytest.mark.parametrize("flip_ids", [(), (0, 2), (0, -1)])
def test_ids_without_a_partner_are_refused(flip_ids: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"transform.flip_ids must be one class id"):
        TransformSettings(task="car", prepare=PrepareConfig(), flip_ids=flip_ids)
