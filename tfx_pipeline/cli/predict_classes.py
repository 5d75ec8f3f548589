"""Names and colours of the classes that a served model answers with."""

from __future__ import annotations

import colorsys
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from serving.client import ClientError, ModelMetadata
from serving.client.prediction import OUTPUTS
from serving.client.transport import PREDICT_INPUT, PREDICT_SIGNATURE
from tfds_builders.taxonomy import VOID_ID, Taxonomy
from tfx_pipeline.config.usage_error import UsageError

_VOID_RGB = (255, 0, 255)
# Hues in steps of the golden ratio: any number of classes gets hues far apart.
_GOLDEN = 0.618034


@dataclass(frozen=True, kw_only=True)
class Classes:
    """The classes in the order of their ids.

    Attributes:
        names: By id.
        rgb: By id.
        background_id: The class that means "nothing", if one does.
    """

    names: tuple[str, ...]
    rgb: tuple[tuple[int, int, int], ...]
    background_id: int | None

    def palette(self) -> npt.NDArray[np.uint8]:
        """Returns the colour of every value of a mask [256, 3]; void is magenta."""
        palette = np.zeros((256, 3), np.uint8)
        palette[: len(self.rgb)] = self.rgb
        palette[VOID_ID] = _VOID_RGB
        return palette


def read_taxonomy(file: Path) -> Taxonomy:
    """Reads a taxonomy's JSON form.

    Raises:
        UsageError: The file cannot be read, or holds something else.
    """
    try:
        return Taxonomy.from_dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as err:
        raise UsageError(
            "a taxonomy must be the JSON that travels with a model as"
            f" assets/taxonomy.json, got {str(file)!r}: {err!r}"
        ) from err


def named_classes(metadata: ModelMetadata, taxonomy: Taxonomy | None) -> Classes:
    """Returns the classes of the model that answers; says where none are named.

    Raises:
        ClientError: The model is not one that predicts masks.
        UsageError: The taxonomy has another number of classes than the model.
    """
    count = _count_classes(metadata)
    if taxonomy is None:
        print(
            f"the classes are called class 0 .. class {count - 1}; --taxonomy FILE"
            " names them",
            file=sys.stderr,
        )
        return numbered_classes(count)
    if taxonomy.num_classes != count:
        raise UsageError(
            f"the taxonomy must have the {count} classes of the model, got"
            f" {taxonomy.num_classes}: {', '.join(taxonomy.names)}; name the model's"
            " own with --taxonomy FILE"
        )
    return Classes(
        names=taxonomy.names,
        rgb=tuple(entry.rgb for entry in taxonomy.classes),
        background_id=taxonomy.background_id,
    )


def numbered_classes(count: int) -> Classes:
    """Returns classes without names, in colours that can be told apart."""
    return Classes(
        names=tuple(f"class {class_id}" for class_id in range(count)),
        rgb=tuple(_distinct_rgb(class_id) for class_id in range(count)),
        background_id=None,
    )


def _distinct_rgb(class_id: int) -> tuple[int, int, int]:
    if class_id == 0:  # mostly the background, and most of a photo
        return (128, 128, 128)
    value = (1.0, 0.75, 0.5)[class_id % 3]
    red, green, blue = colorsys.hsv_to_rgb(class_id * _GOLDEN % 1, 0.9, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _count_classes(metadata: ModelMetadata) -> int:
    signature = metadata.signatures.get(PREDICT_SIGNATURE)
    shape: Sequence[int | None] | None = None
    if signature and PREDICT_INPUT in signature.inputs:
        known = all(name in signature.outputs for name in OUTPUTS)
        shape = signature.outputs["area_fraction"].shape if known else None
    if shape is None or len(shape) != 2 or not shape[1]:
        raise ClientError(
            "FAILED_PRECONDITION",
            f"model {metadata.name!r} must take {PREDICT_INPUT} and answer"
            f" {', '.join(OUTPUTS)}; serve a model that `carseg run` packaged",
        )
    return shape[1]
