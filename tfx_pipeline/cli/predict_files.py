"""The files that `carseg predict` writes: whole or not, and never over another's."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tfx_pipeline.cli.predict_inputs import MASK_SUFFIX, OVERLAY_SUFFIX, PhotoFile
from tfx_pipeline.config.usage_error import UsageError

AREAS_FILE = "areas.csv"
AREAS_HEAD = (
    "photo,height,width,confidence,class_id,class,area_fraction,mask,overlay\r\n"
)
# A PNG says it in a text chunk at its start, the table by its head.
_SOFTWARE = "carseg predict"
_MARK = {".png": _SOFTWARE.encode(), ".csv": AREAS_HEAD.encode()}
_MARK_WITHIN_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class OutputFolder:
    """The folder that `--out` names."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> OutputFolder:
        """Makes the folder; refuses one that cannot take this command's files."""
        if path.exists() and not path.is_dir():
            raise UsageError(
                f"--out must be a folder, got the file {str(path)!r}; name another"
            )
        path.mkdir(parents=True, exist_ok=True)
        folder = cls(path=path)
        try:
            _check_own(folder.areas_file)
        except FileExistsError as err:
            raise UsageError(str(err)) from err
        return folder

    @property
    def areas_file(self) -> Path:
        """The table of all photos and classes."""
        return self.path / AREAS_FILE

    def mask_file(self, photo: PhotoFile) -> Path:
        """The mask's own place."""
        return self._beside(photo, MASK_SUFFIX)

    def overlay_file(self, photo: PhotoFile) -> Path:
        """The overlay's own place."""
        return self._beside(photo, OVERLAY_SUFFIX)

    def _beside(self, photo: PhotoFile, suffix: str) -> Path:
        return self.path / photo.name.with_name(photo.name.name + suffix)


def write_own(path: Path, content: bytes) -> None:
    """Writes a whole file, over one of this command's own but over no other.

    Raises:
        FileExistsError: Something else has this name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _check_own(path)
    staged = path.with_name(f".{path.name}.staged")
    try:
        staged.write_bytes(content)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def mask_png(mask_ids: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8]) -> bytes:
    """Returns a PNG whose values are class ids and whose palette is their colours."""
    image = Image.fromarray(mask_ids)
    image.putpalette(palette.tobytes())
    return png(image)


def png(image: Image.Image) -> bytes:
    """Returns a PNG that says who wrote it."""
    info = PngInfo()
    info.add_text("Software", _SOFTWARE)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=info, compress_level=4)
    return out.getvalue()


def _check_own(path: Path) -> None:
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            if _MARK[path.suffix] in file.read(_MARK_WITHIN_BYTES):
                return
    raise FileExistsError(
        f"{str(path)!r} is there and was not written by carseg predict, so it stays;"
        " name another folder with --out"
    )
