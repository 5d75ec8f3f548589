"""Names the model of a packaged `Model` artifact by its manifest alone."""

from __future__ import annotations

import posixpath

from tfx import types
from tfx.dsl.io import fileio
from tfx.utils import path_utils

from components.model_pusher.packaged_model import (
    MANIFEST_FILE,
    hash_model,
    parse_manifest,
)


def model_hash(artifact: types.Artifact) -> str:
    """Returns the `model_sha256` that `BLESSED.json` would call it by."""
    folder = path_utils.serving_model_path(
        artifact.uri, path_utils.is_old_model_artifact(artifact)
    )
    with fileio.open(posixpath.join(folder, MANIFEST_FILE), "rb") as stream:
        return hash_model(parse_manifest(stream.read()))
