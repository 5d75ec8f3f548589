"""The sizes that a network can halve and double back."""

from __future__ import annotations


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
