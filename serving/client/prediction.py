"""The answer for one photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from serving.client.errors import ServerError
from serving.client.mask_png import decode_mask_png

OUTPUTS = ("mask_png_bytes", "height", "width", "area_fraction", "confidence")


@dataclass(frozen=True, kw_only=True, eq=False)
class Prediction:
    """Class ids of every pixel of one photo, upright.

    Attributes:
        mask_png_bytes: 8-bit grey PNG of class ids, of the photo's size.
        height: Pixels of the upright photo.
        width: Pixels of the upright photo.
        area_fraction: Share of the photo by class id, float32 [classes].
        confidence: Mean score of the pixels that are not background, or of all where
            all are.
    """

    mask_png_bytes: bytes
    height: int
    width: int
    area_fraction: npt.NDArray[np.float32]
    confidence: float

    @cached_property
    def mask_ids(self) -> npt.NDArray[np.uint8]:
        """Class ids [height, width], decoded when first asked for; read-only."""
        try:
            return decode_mask_png(self.mask_png_bytes, self.height, self.width)
        except ValueError as err:
            raise ServerError("DATA_LOSS", str(err)) from err


def read_predictions(
    outputs: Mapping[str, npt.NDArray[Any]], count: int
) -> list[Prediction]:
    """Returns the predictions that the outputs of `serving_default` hold.

    Args:
        outputs: By name, batch first.
        count: How many photos were sent.

    Raises:
        ServerError: The outputs are not those of our signature.
    """
    missing = [name for name in OUTPUTS if name not in outputs]
    shapes = {name: list(value.shape) for name, value in outputs.items()}
    expected = {
        name: [count, *(shapes[name][1:2] if name == "area_fraction" else [])]
        for name in OUTPUTS
        if name in shapes
    }
    wrong = [name for name, shape in expected.items() if shapes[name] != shape]
    if missing or wrong or len(shapes.get("area_fraction", [])) != 2:
        raise ServerError(
            "DATA_LOSS",
            f"{count} photos must be answered by {', '.join(OUTPUTS)} for each, got"
            f" {shapes}; ask a model that `carseg run` exported",
        )
    return [
        Prediction(
            mask_png_bytes=bytes(outputs["mask_png_bytes"][index]),
            height=int(outputs["height"][index]),
            width=int(outputs["width"][index]),
            area_fraction=np.asarray(outputs["area_fraction"][index], np.float32),
            confidence=float(outputs["confidence"][index]),
        )
        for index in range(count)
    ]
