"""What `carseg predict-all` does with a photo: reads it, keeps mask and areas."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from components.bulk_inference.coco_annotations import annotate_components
from components.bulk_inference.palette_png import colour_grey_png
from components.bulk_inference.photo_answer import PhotoAnswer
from components.bulk_inference.photo_work import KeptPhoto
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.predict_classes import Classes
from tfx_pipeline.cli.predict_files import write_own
from tfx_pipeline.cli.predict_inputs import MASK_SUFFIX
from tfx_pipeline.cli.predict_photo import read_photo

# Holds the mark of `carseg predict`, so that both may overwrite each other's masks.
_SOFTWARE = "carseg predict-all"


@dataclass(frozen=True, kw_only=True)
class MaskWork:
    """Masks as PNG, areas, confidence, and COCO's annotations where they are wanted.

    Attributes:
        images: Folder of the photos.
        out: Folder of the masks.
        model: Fingerprint of the model.
        classes: Names and colours.
        with_coco: Annotate connected components.
    """

    images: str
    out: str
    model: str
    classes: Classes
    with_coco: bool

    @property
    def identity(self) -> str:
        """All settings but where masks go: that they are there is looked up."""
        return json.dumps(["masks", asdict(replace(self, out=""))])

    def source(self, name: str) -> str:
        """Returns size and time of the photo's file."""
        return file_state(Path(self.images, name))

    def read(self, name: str) -> bytes:
        """Returns the file's bytes; the model itself turns the picture upright."""
        return read_photo(Path(self.images, name)).data

    def keep(self, name: str, answer: PhotoAnswer) -> KeptPhoto:
        """Writes the mask; what is written is decoded, and annotated."""
        png = colour_grey_png(answer.mask_png, self.classes.palette(), _SOFTWARE)
        mask_ids = decode_mask(png, answer)
        if (highest := int(mask_ids.max())) >= len(self.classes.names):
            raise ValueError(
                f"class ids must be below {len(self.classes.names)}, got {highest} in"
                " the mask; name the model's own taxonomy"
            )
        write_own(Path(self.out, name + MASK_SUFFIX), png)
        fields = {
            "height": answer.height,
            "width": answer.width,
            "confidence": six_digits(answer.confidence),
            "areas": [six_digits(area) for area in answer.areas],
            "mask_sha256": hashlib.sha256(png).hexdigest(),
        }
        return KeptPhoto(fields=fields, lines=self._annotations(mask_ids, fields))

    def is_kept(self, name: str, fields: Mapping[str, Any]) -> bool:
        """Says whether the mask is the one that was written."""
        try:
            content = Path(self.out, name + MASK_SUFFIX).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(content).hexdigest() == fields["mask_sha256"]

    def _annotations(
        self, mask_ids: npt.NDArray[np.uint8], fields: Mapping[str, Any]
    ) -> tuple[str, ...]:
        if not self.with_coco:
            return ()
        things = set(range(len(self.classes.names))) - {self.classes.background_id}
        return tuple(
            annotate_components(
                mask_ids,
                category_ids=[class_id for class_id in things if class_id is not None],
                score=fields["confidence"],
            )
        )


def taxonomy_classes(taxonomy: Taxonomy) -> Classes:
    """Returns names and colours of a taxonomy."""
    return Classes(
        names=taxonomy.names,
        rgb=tuple(entry.rgb for entry in taxonomy.classes),
        background_id=taxonomy.background_id,
    )


def decode_mask(png: bytes, answer: PhotoAnswer) -> npt.NDArray[np.uint8]:
    """Returns the class ids of a mask, grey or in colours.

    Raises:
        ValueError: It is not as large as the model says.
    """
    with Image.open(io.BytesIO(png)) as image:
        mask_ids = np.asarray(image)
    if mask_ids.shape != (answer.height, answer.width):
        raise ValueError(
            f"a mask must be as large as the photo, {answer.width} x {answer.height},"
            f" got {image.width} x {image.height}; export the model again"
        )
    return mask_ids


def file_state(path: Path) -> str:
    """Returns size and time of a file; `absent` where it is not there.

    Example:
        >>> file_state(Path("no such file"))
        'absent'
    """
    try:
        stat = path.stat()
    except OSError:
        return "absent"
    return f"{stat.st_size} {stat.st_mtime_ns}"


def six_digits(value: float) -> float:
    """Returns what `%.6g` would print: float32 holds no more.

    Example:
        >>> six_digits(np.float32(0.1))
        0.1
    """
    return float(f"{value:.6g}")
