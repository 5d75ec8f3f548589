"""The folder that `--model` names: one SavedModel, or versions of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tfx_pipeline.config.usage_error import UsageError

_MODEL_FILE = "saved_model.pb"


@dataclass(frozen=True, kw_only=True)
class ModelFolder:
    """A model on disk.

    Attributes:
        path: The SavedModel that is to answer; absolute.
        version: The number of its folder, 1 where the folder has none.
    """

    path: Path
    version: int

    @property
    def taxonomy_file(self) -> Path | None:
        """The classes that travel with the model, if they do."""
        file = self.path / "assets" / "taxonomy.json"
        return file if file.is_file() else None


def find_model(directory: str) -> ModelFolder:
    """Returns the SavedModel of a folder, of several versions the highest.

    Raises:
        UsageError: There is none.
    """
    folder = Path(directory).resolve()
    if (folder / _MODEL_FILE).is_file():
        version = _version(folder)
        return ModelFolder(path=folder, version=1 if version is None else version)
    found = [path.parent for path in folder.glob(f"*/{_MODEL_FILE}")]
    versions = {
        version: path for path in found if (version := _version(path)) is not None
    }
    if not versions:
        raise UsageError(
            f"--model must be a folder with {_MODEL_FILE}, or one with version folders"
            f" such as 1/{_MODEL_FILE}, got {directory!r}; `carseg run` prints where it"
            " packaged or pushed a model"
        )
    newest = max(versions)
    return ModelFolder(path=versions[newest], version=newest)


def _version(folder: Path) -> int | None:
    """Returns the number that a version folder is called, as TF Serving reads it."""
    name = folder.name
    is_number = name.isascii() and name.isdecimal() and int(name) < 2**63
    return int(name) if is_number else None
