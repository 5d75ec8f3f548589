"""Asks every model for the test photos again, to find where their masks differ most."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.example_reader import (
    Features,
    first_bytes,
    first_text,
    read_example,
)
from components.evaluation_report.photo_layers import draw_layers
from components.run_comparison.disputed_photo import (
    FIRST_RIGHT,
    NONE_RIGHT,
    OTHER_RIGHT,
    Dispute,
    DisputedPhoto,
    dispute_map,
    measure_dispute,
)
from components.segmentation_metrics.mask_png import MaskIds, decode_mask_png

# A model of a batch of serialized records: PNGs of the masks that it predicts.
Ask = Callable[[Sequence[bytes]], Sequence[bytes]]

# Sky blue, orange and purple differ to every kind of eye.
DISPUTE_RGB = {
    FIRST_RIGHT: (86, 180, 233),
    OTHER_RIGHT: (230, 110, 0),
    NONE_RIGHT: (204, 80, 160),
}
_DISPUTE_TABLE = ClassTable(
    names={FIRST_RIGHT: "first", OTHER_RIGHT: "other", NONE_RIGHT: "none"},
    rgb=DISPUTE_RGB,
    background_id=0,
    void_id=255,
)


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """A record with what each model said of it."""

    example_id: str
    serialized: bytes
    masks_png: tuple[bytes, ...]
    dispute: Dispute

    @property
    def order(self) -> tuple[float, str]:
        """Sorts by what is disputed, then by name: the same photos every time."""
        return (-self.dispute.share, self.example_id)


@dataclass
class PhotoPass:
    """Keeps `keep` photos and their masks in memory, however many it sees.

    Attributes:
        task: The true mask is the feature `mask/<task>`.
        table: Names and colours of the classes.
        keep: Photos that are drawn.
        batch_size: Records that a model is asked about at once.
        photos_asked: Photos seen so far.
    """

    task: str
    table: ClassTable
    keep: int
    batch_size: int = 4
    photos_asked: int = 0
    _kept: list[_Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ValueError(f"keep must be 1 or more, got {self.keep}")
        if self.batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more, got {self.batch_size}")

    def run(
        self,
        records: Iterable[bytes],
        models: Sequence[Ask],
        on_progress: Callable[[int], None] = lambda count: None,
    ) -> list[DisputedPhoto]:
        """Returns the photos on which the masks differ most, the worst first.

        Args:
            records: Serialized tf.Examples of the test split.
            models: In the order of the comparison.
            on_progress: Is called with the number of photos seen, now and then.
        """
        for batch in _batches(records, self.batch_size):
            answers = [ask(batch) for ask in models]
            for serialized, *masks_png in zip(batch, *answers, strict=True):
                self._add(serialized, tuple(masks_png))
            on_progress(self.photos_asked)
        return [self._draw(answered) for answered in self._kept]

    def _add(self, serialized: bytes, masks_png: tuple[bytes, ...]) -> None:
        self.photos_asked += 1
        features = read_example(serialized)
        truth, masks = self._decode(features, masks_png)
        dispute = measure_dispute(truth, masks, self.table.void_id)
        if dispute.share > 0:
            answered = _Answered(
                example_id=first_text(features, "example_id"),
                serialized=serialized,
                masks_png=masks_png,
                dispute=dispute,
            )
            ordered = sorted([*self._kept, answered], key=lambda one: one.order)
            self._kept = ordered[: self.keep]

    def _decode(
        self, features: Features, masks_png: Sequence[bytes]
    ) -> tuple[MaskIds, list[MaskIds]]:
        truth_png = first_bytes(features, f"mask/{self.task}") or b""
        masks = [decode_mask_png(png, "predicted mask") for png in masks_png]
        return decode_mask_png(truth_png, "true mask"), masks

    def _draw(self, answered: _Answered) -> DisputedPhoto:
        serialized = answered.serialized
        truth, masks = self._decode(read_example(serialized), answered.masks_png)
        who_is_right = _encode(dispute_map(truth, masks, self.table.void_id))
        drawn = [(png, self.table) for png in answered.masks_png]
        layers = [
            draw_layers(serialized, png, task=self.task, table=table, class_ids=())
            for png, table in [*drawn, (who_is_right, _DISPUTE_TABLE)]
        ]
        *of_models, of_dispute = layers
        return DisputedPhoto(
            example_id=answered.example_id,
            dispute=answered.dispute,
            width_px=of_dispute.width_px,
            height_px=of_dispute.height_px,
            photo=of_dispute.photo,
            truth=of_models[0].truth,
            masks=tuple(one.prediction for one in of_models),
            disputed=of_dispute.prediction,
        )


def _batches(records: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    stream = iter(records)
    while batch := list(islice(stream, size)):
        yield batch


def _encode(mask_ids: MaskIds) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(mask_ids.astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()
