"""A SavedModel of a `Model` artifact as files of this machine."""

from __future__ import annotations

import contextlib
import posixpath
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tfx import types
from tfx.dsl.io import fileio
from tfx.utils import path_utils

from components.model_packager.manifest import list_files
from components.model_pusher.open_destination import is_remote


@contextlib.contextmanager
def local_model(artifact: types.Artifact) -> Iterator[Path]:
    """Gives the SavedModel's folder; of a remote one, a copy for the time being."""
    folder = path_utils.serving_model_path(
        artifact.uri, path_utils.is_old_model_artifact(artifact)
    )
    if not is_remote(folder):
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="carseg-model-") as copied:
        for name in list_files(folder):
            target = Path(copied, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            fileio.copy(posixpath.join(folder, name), str(target), overwrite=True)
        yield Path(copied)
