"""What a picture looks like when a model sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.config.stage_fields import filled, to_plain
from tfx_pipeline.config.stages import require

MIN_SIDE_PX, MAX_SIDE_PX = 16, 4096


@dataclass(frozen=True, kw_only=True)
class PrepareConfig:
    """Size of the model's input, and how training pictures are varied.

    Attributes:
        height_px: Height of the letterboxed picture.
        width_px: Width of the letterboxed picture.
        augment: Never applied in evaluation or serving.
    """

    height_px: int = 256
    width_px: int = 256
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        for name in ("height_px", "width_px"):
            value = getattr(self, name)
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            require(
                is_whole and MIN_SIDE_PX <= value <= MAX_SIDE_PX,
                f"prepare.{name}",
                f"a whole number between {MIN_SIDE_PX} and {MAX_SIDE_PX}",
                repr(value),
            )
        require(
            isinstance(self.augment, AugmentConfig),
            "prepare.augment",
            "an AugmentConfig",
            repr(self.augment),
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PrepareConfig:
        """Fills the defaults with values; refuses names that are no field."""
        return filled("prepare", cls(), values)
