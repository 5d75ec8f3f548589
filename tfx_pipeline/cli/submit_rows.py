"""What `carseg submit carvana` does with a photo: one class's mask as run lengths."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from components.bulk_inference.photo_answer import PhotoAnswer
from components.bulk_inference.photo_work import KeptPhoto
from tfds_builders.carvana.row_runs import decode_runs, encode_runs
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.bulk_masks import decode_mask, file_state
from tfx_pipeline.cli.predict_photo import read_photo
from tfx_pipeline.config.usage_error import UsageError

HEIGHT_PX, WIDTH_PX = 1280, 1918


@dataclass(frozen=True, kw_only=True)
class RowWork:
    """The row of each photo, and a digest of the mask that it stands for.

    Attributes:
        images: Folder of the photos.
        model: Fingerprint of the model.
        class_id: Which class is the mask.
    """

    images: str
    model: str
    class_id: int

    @property
    def identity(self) -> str:
        """All settings."""
        return json.dumps(["rows", asdict(self)])

    def source(self, name: str) -> str:
        """Returns size and time of the photo's file."""
        return file_state(Path(self.images, name))

    def read(self, name: str) -> bytes:
        """Returns the file's bytes.

        Raises:
            ValueError: It is no photo, or of another size than the competition's.
        """
        photo = read_photo(Path(self.images, name))
        if (photo.height, photo.width) != (HEIGHT_PX, WIDTH_PX):
            raise ValueError(
                f"a photo must have {WIDTH_PX} x {HEIGHT_PX} pixels, got"
                f" {photo.width} x {photo.height}; take the competition's own"
            )
        return photo.data

    def keep(self, name: str, answer: PhotoAnswer) -> KeptPhoto:
        """Encodes the mask, decodes that again, and compares."""
        mask = decode_mask(answer.mask_png, answer) == self.class_id
        runs = encode_runs(mask)
        decoded = decode_runs(runs, height_px=HEIGHT_PX, width_px=WIDTH_PX)
        if not np.array_equal(decoded, mask):
            raise ValueError(f"the run lengths of {name!r} do not give its mask back")
        return KeptPhoto(fields={"runs": runs, "mask_sha256": mask_digest(mask)})

    def is_kept(self, name: str, fields: Mapping[str, Any]) -> bool:
        """Says yes: the row stands in the entry itself."""
        return True


def mask_digest(mask: npt.NDArray[Any]) -> str:
    """Returns a digest of which pixels are set.

    Example:
        >>> mask_digest(np.array([[0, 1]])) == mask_digest(np.array([[False, True]]))
        True
    """
    return hashlib.sha256(np.packbits(mask != 0).tobytes()).hexdigest()


def find_class(taxonomy: Taxonomy, name: str) -> int:
    """Returns the id of a class.

    Raises:
        UsageError: The model has none of this name.
    """
    if name not in taxonomy.names:
        raise UsageError(
            f"--class must be one of the model's classes, {', '.join(taxonomy.names)},"
            f" got {name!r}"
        )
    return taxonomy.names.index(name)
