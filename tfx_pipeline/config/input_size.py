"""The sizes that a network can halve and double back."""

from __future__ import annotations

from tfx_pipeline.config.model import ModelConfig

# The encoder's last features are 32 times smaller, and KerasCV's decoder counts on it.
DEEPLAB_STRIDE_PX = 32


def size_multiple_px(config: ModelConfig) -> int:
    """Returns what height and width must be a multiple of.

    Example:
        >>> size_multiple_px(ModelConfig(name="unet", depth=3))
        8
    """
    if config.name == "unet":
        return config.patch_px * 2**config.depth
    return DEEPLAB_STRIDE_PX


def check_size(model: str, height_px: int, width_px: int, multiple_px: int) -> None:
    """Raises a ValueError unless both sides are positive multiples."""
    for side, value in (("height", height_px), ("width", width_px)):
        if value <= 0 or value % multiple_px:
            below = value // multiple_px * multiple_px
            near = [str(px) for px in (below, below + multiple_px) if px > 0]
            raise ValueError(
                f"{model} needs a {side} that is a multiple of {multiple_px} px, got"
                f" {value}; nearest: {' or '.join(near)}"
            )
