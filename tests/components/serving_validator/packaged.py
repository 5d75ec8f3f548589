"""Packaged models to be validated: one that is right, and some that are not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import tensorflow as tf

from components.model_packager.manifest import MANIFEST_FILE, write_manifest
from components.model_packager.package import (
    Measured,
    PackageSettings,
    package_model,
)
from serving.signatures import ServedModel
from tests.serving.drawn_model import TAXONOMY, build_colour_model, prepare
from tests.tfds_builders import drawn_photos as drawn

SETTINGS = PackageSettings(
    model_name="colours",
    taxonomy=TAXONOMY,
    target_version=tf.__version__,
    warmup_batch_sizes=(1, 2),
)


def photos() -> list[bytes]:
    """Returns photos of three sizes, one of them lying on its side."""
    exif = drawn.gps_exif(6)
    return [
        drawn.encode(drawn.picture(), "PNG"),
        drawn.encode(drawn.picture(201, 133), "JPEG"),
        drawn.encode(drawn.picture(31, 90), "JPEG", exif=exif),
    ]


def package(trained: Path, target: Path) -> Path:
    """Packages what `export_drawn_model` wrote; returns the SavedModel's folder."""
    result = package_model(str(trained), str(target), SETTINGS, Measured())
    assert result.reasons == ()
    return target


def alter(saved_model: Path, target: Path, **files: bytes | None) -> Path:
    """Copies a package, replaces or removes files, and states what is there then."""
    shutil.copytree(saved_model, target)
    for name, content in files.items():
        if content is None:
            (target / name).unlink()
        else:
            (target / name).write_bytes(content)
    (target / MANIFEST_FILE).unlink()
    write_manifest(str(target))
    return target


def save_for_eager_only(target: Path, answers: Path) -> Path:
    """Saves the drawn model so that only `tf.saved_model.load` can load it.

    The variables that the function reads are not in the checkpoint's restore op.
    """
    served = ServedModel(
        model=build_colour_model(), prepare=prepare, num_classes=3, background_id=0
    )
    module = tf.Module()
    module.model = served.model
    function, spec = served.endpoints()["serving_default"]
    module.serve = tf.function(function, input_signature=[spec], autograph=False)
    saved = target.with_name("saved")
    tf.saved_model.save(module, str(saved), {"serving_default": module.serve})
    (saved / "assets.extra").mkdir()
    shutil.copy(answers, saved / "assets.extra")
    (saved / "assets").mkdir(exist_ok=True)
    (saved / "assets/taxonomy.json").write_text(json.dumps(TAXONOMY))
    return package(saved, target)
