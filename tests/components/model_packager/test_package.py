from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from components.model_packager.manifest import MANIFEST_FILE, verify_manifest
from components.model_packager.package import (
    OWN_FILES,
    Measured,
    PackageSettings,
    package_model,
)
from tests.serving.drawn_model import TAXONOMY
from tests.serving.exported import SessionModel
from tests.tfds_builders import drawn_photos as drawn

pytestmark = pytest.mark.integration

SETTINGS = PackageSettings(
    model_name="colours", taxonomy=TAXONOMY, target_version=tf.__version__
)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_model_is_copied_bit_for_bit_and_files_are_added(
    saved_model: Path, tmp_path: Path
) -> None:
    settings = replace(SETTINGS, intended_use="Zürich.", limits=["Nie nachts: Köln."])
    figures = [{"slice": {}, "metrics": {"miou": 0.5}}]
    target = tmp_path / "packaged"
    result = package_model(
        str(saved_model), str(target), settings, Measured(figures=figures)
    )
    assert result.reasons == () and len(result.manifest_sha256) == 64
    packaged, source = files_below(target), files_below(saved_model)
    assert set(packaged) == {*source, *OWN_FILES}
    assert {name: packaged[name] for name in source} == source
    assert verify_manifest(str(target)) == []
    stated = json.loads(packaged[MANIFEST_FILE])["files"]
    assert set(stated) == set(packaged) - {MANIFEST_FILE}
    card = json.loads(packaged["assets.extra/card.json"])
    assert card["intended_use"] == "Zürich."
    assert card["limits"][0] == "Nie nachts: Köln."
    assert card["model"]["tensorflow"] == tf.__version__
    assert (card["model"]["height_px"], card["model"]["width_px"]) == (48, 64)
    assert packaged["assets.extra/card.md"].decode("utf-8").startswith("# colours\n")
    metrics = json.loads(packaged["assets.extra/metrics.json"])
    assert metrics == {"figures": figures, "gate": None}


def test_the_packaged_model_answers_as_the_trained_one(
    saved_model: Path, tmp_path: Path
) -> None:
    package_model(str(saved_model), str(tmp_path / "packaged"), SETTINGS, Measured())
    photo = drawn.encode(drawn.picture(), "JPEG")
    before, after = (
        SessionModel(folder)("serving_default", image_bytes=[photo])
        for folder in (saved_model, tmp_path / "packaged")
    )
    for alias, value in before.items():
        np.testing.assert_array_equal(after[alias], value)


def test_a_model_newer_than_the_servers_is_refused(
    saved_model: Path, tmp_path: Path
) -> None:
    settings = replace(SETTINGS, target_version="2.15")
    target = tmp_path / "packaged"
    result = package_model(str(saved_model), str(target), settings, Measured())
    (reason,) = result.reasons
    assert f"TensorFlow {tf.__version__}, newer than the servers' 2.15" in reason
    assert result.manifest_sha256 == "" and not target.exists()


def test_a_model_is_not_packaged_twice(saved_model: Path, tmp_path: Path) -> None:
    once = tmp_path / "once"
    shutil.copytree(saved_model, once)
    (once / "assets.extra").mkdir(exist_ok=True)
    (once / "assets.extra/card.md").write_text("mine")
    with pytest.raises(ValueError, match=r"already holds assets\.extra/card\.md"):
        package_model(str(once), str(tmp_path / "twice"), SETTINGS, Measured())
