"""Writes the SavedModel that both TensorFlow Serving and `carseg serve` load.

`keras.export.ExportArchive` is the way that keeps every variable in the restore op:
TF Serving loads through a Session, and other ways of saving a Keras 3 model leave some
out (tensorflow/serving #2250, keras #20096).
"""

from __future__ import annotations

import json
import posixpath
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from serving.keras_answers import (
    KERAS_ANSWERS_FILE,
    answer_photo,
    pack_keras_answers,
)
from serving.signatures import Prepare, ServedModel

EXTRA_FOLDER = "assets.extra"
TAXONOMY_FILE = "taxonomy.json"
PREPARE_FILE = "prepare.json"
MADE_WITH_FILE = "made_with.json"
_OWN_FILES = (TAXONOMY_FILE, PREPARE_FILE, MADE_WITH_FILE)


def export_model(
    model: keras.Model,
    *,
    directory: str | Path,
    prepare: Prepare,
    taxonomy: Mapping[str, Any],
    prepare_config: Mapping[str, Any],
    assets: Mapping[str, str | bytes] | None = None,
    photos: Sequence[bytes] = (),
) -> None:
    """Writes model, signatures and assets; the folder appears whole or not at all.

    Args:
        model: Takes float32 [n, H, W, 3] of 0..255, returns logits [n, H, W, classes].
        directory: Folder of `saved_model.pb`; must not hold anything yet.
        prepare: From a photo's bytes to the model's input.
        taxonomy: The taxonomy's JSON form; becomes `assets/taxonomy.json`.
        prepare_config: What `prepare` was made with; becomes `assets/prepare.json`.
        assets: File name to content of further assets, such as a model card.
        photos: Files whose masks by the Keras model are kept in
            `assets.extra/keras_answers.npz`. They travel with the model: take
            pictures that may.
    """
    served = ServedModel(
        model=model,
        prepare=prepare,
        num_classes=len(taxonomy["classes"]),
        background_id=taxonomy["background_id"],
    )
    files = _all_assets(taxonomy, prepare_config, assets or {})
    target = str(directory).rstrip("/")
    _check_free(target)
    parent, name = posixpath.split(target)
    staged = posixpath.join(parent, f".{name}.staged")
    if tf.io.gfile.exists(staged):  # of a run that was killed
        tf.io.gfile.rmtree(staged)
    answers = [answer_photo(served, photo) for photo in photos]
    _write_saved_model(served, files, staged)
    if answers:
        extra = posixpath.join(staged, EXTRA_FOLDER)
        tf.io.gfile.makedirs(extra)
        with tf.io.gfile.GFile(posixpath.join(extra, KERAS_ANSWERS_FILE), "wb") as out:
            out.write(pack_keras_answers(answers))
    if tf.io.gfile.exists(target):
        tf.io.gfile.rmtree(target)
    tf.io.gfile.rename(staged, target)


def made_with() -> dict[str, str]:
    """Returns the versions that decide which servers can load the model."""
    return {"tensorflow": tf.__version__, "keras": keras.__version__}


def _carry(archive: keras.export.ExportArchive, paths: Sequence[Path]) -> None:
    """Makes files assets of an archive, under their names.

    `track` keeps variables and lookup tables only; a file has to hang on the object
    that is saved, for which Keras has no public name. No subclass: in Keras 3.15
    `ExportArchive()` returns an archive of another class.
    """
    archive._tf_trackable.files = [tf.saved_model.Asset(str(path)) for path in paths]


def _all_assets(
    taxonomy: Mapping[str, Any],
    prepare_config: Mapping[str, Any],
    assets: Mapping[str, str | bytes],
) -> dict[str, bytes]:
    for name in assets:
        if name in _OWN_FILES or "/" in name or name in ("", ".", ".."):
            raise ValueError(
                f"an asset must have a plain file name other than {_OWN_FILES}, got"
                f" {name!r}; rename it"
            )
    own = zip(_OWN_FILES, (taxonomy, prepare_config, made_with()), strict=True)
    written = {
        name: json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for name, value in own
    }
    return {
        name: content.encode("utf-8") if isinstance(content, str) else content
        for name, content in (written | dict(assets)).items()
    }


def _check_free(target: str) -> None:
    if tf.io.gfile.exists(target) and tf.io.gfile.listdir(target):
        raise ValueError(
            f"the export's folder must be new or empty, {target!r} is not;"
            " choose another or remove it"
        )


def _write_saved_model(
    served: ServedModel, files: Mapping[str, bytes], target: str
) -> None:
    archive = keras.export.ExportArchive()
    archive.track(served.model)
    for name, (function, spec) in served.endpoints().items():
        archive.add_endpoint(name, function, input_signature=[spec])
    with tempfile.TemporaryDirectory(prefix="carseg-assets-") as folder:
        paths = [Path(folder, name) for name in sorted(files)]
        for path in paths:
            path.write_bytes(files[path.name])
        _carry(archive, paths)
        archive.write_out(target, verbose=False)
