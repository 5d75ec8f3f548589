"""What travels to the Transform node as its `custom_config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.stage_fields import filled, to_plain
from tfx_pipeline.config.stages import require


@dataclass(frozen=True, kw_only=True)
class TransformSettings:
    """All that Transform's output depends on, beside the records.

    Attributes:
        task: The record's `mask/<task>` is transformed.
        prepare: Size and augmentation.
        flip_ids: For every class id the id that it becomes in a mirror, from the
            taxonomy.
        seed: Another seed gives other augmented copies.
        code_fingerprint: Hash of the sources; only here to be part of the cache key.
    """

    task: str
    prepare: PrepareConfig
    flip_ids: tuple[int, ...]
    seed: int = 0
    code_fingerprint: str = ""

    def __post_init__(self) -> None:
        require(bool(self.task), "transform.task", "the name of a task", "''")
        require(
            0 < len(self.flip_ids) <= 255
            and all(0 <= entry < len(self.flip_ids) for entry in self.flip_ids),
            "transform.flip_ids",
            "one class id for each of 1..255 classes",
            self.flip_ids,
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TransformSettings:
        """Reads the JSON form."""
        empty = cls(task="-", prepare=PrepareConfig(), flip_ids=(0,))
        return filled("transform", empty, values)
