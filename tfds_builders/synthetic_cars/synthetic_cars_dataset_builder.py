"""The TFDS builder of drawn cars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfds_builders.group_split import split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png
from tfds_builders.record import Record
from tfds_builders.record_builder import RecordBuilder
from tfds_builders.shard_writing import RecordReader
from tfds_builders.synthetic_cars.scene import paint_scene
from tfds_builders.synthetic_cars.taxonomy import TAXONOMIES
from tfds_builders.taxonomy import Taxonomy

MIN_EXAMPLES = 3
MIN_SIDE_PX = 64


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One picture to be drawn."""

    seed: int
    split: str
    height_px: int
    width_px: int

    def __str__(self) -> str:
        return f"seed {self.seed}"


def draw_record(drawing: Drawing) -> Record:
    """Draws the picture and packs it as a record."""
    scene = paint_scene(
        drawing.seed, height_px=drawing.height_px, width_px=drawing.width_px
    )
    name = f"drawn_{drawing.seed:010d}"
    return Record(
        example_id=name,
        group_id=name,
        split=drawing.split,
        image=encode_rgb_png(scene.image),
        orientation=1,
        height_px=drawing.height_px,
        width_px=drawing.width_px,
        masks={task: encode_mask_png(mask) for task, mask in scene.masks.items()},
        source="synthetic_cars",
        view=scene.view,
        domain="synthetic",
        instances=tuple(scene.instances),
    )


class Builder(RecordBuilder):
    """Drawn cars: any number, any size, exact masks of four tasks.

    Args:
        examples: Number of pictures over all splits.
        height_px: Height of each picture.
        width_px: Width of each picture.
        seed: Another seed draws other cars.
        **kwargs: Of `RecordBuilder`; there is no `manual_dir` to read.
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First drawing."}

    def __init__(
        self,
        *,
        examples: int = 240,
        height_px: int = 144,
        width_px: int = 192,
        seed: int = 7,
        **kwargs: Any,
    ) -> None:
        for name, value, low in (
            ("examples", examples, MIN_EXAMPLES),
            ("height_px", height_px, MIN_SIDE_PX),
            ("width_px", width_px, MIN_SIDE_PX),
            ("seed", seed, 0),
        ):
            if not isinstance(value, int) or value < low:
                raise ValueError(
                    f"synthetic_cars: {name} must be a whole number of {low} or more,"
                    f" got {value!r}"
                )
        if kwargs.get("manual_dir"):
            raise ValueError(
                "synthetic_cars draws its photos and reads no folder; leave"
                " --manual-dir away, or read your own photos with folder_masks"
            )
        self.examples = examples
        self.height_px = height_px
        self.width_px = width_px
        self.seed = seed
        super().__init__(**kwargs)
        self._original_state |= {
            "examples": examples,
            "height_px": height_px,
            "width_px": width_px,
            "seed": seed,
        }

    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the four tasks' classes."""
        return TAXONOMIES

    def list_sources(self) -> Listing[Drawing]:
        """Returns the seeds by split: a million apart for every dataset seed."""
        seeds = [self.seed * 1_000_000 + index for index in range(self.examples)]
        splits = split_groups({str(seed): 1 for seed in seeds}, salt=str(self.seed))
        drawings = (
            Drawing(
                seed=seed,
                split=splits[str(seed)],
                height_px=self.height_px,
                width_px=self.width_px,
            )
            for seed in seeds
        )
        return Listing(sources=by_split(drawings))

    def record_reader(self) -> RecordReader:
        """Returns the function that draws."""
        return draw_record
