"""How training pictures are varied, and the policies that have a name."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tfx_pipeline.config.stage_fields import filled, to_plain
from tfx_pipeline.config.stages import require, require_choice
from tfx_pipeline.config.unknown_name import unknown_name

Where = Literal["none", "transform", "trainer", "both"]
Fill = Literal["nearest", "reflect", "wrap", "constant"]

# A copy is written to disk; above this somebody means the Trainer's endless ones.
MAX_COPIES = 64
MAX_BLUR_SIGMA_PX = 8.0


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """The bounds within which each augmented picture draws its own values.

    The defaults are the policy `light`. Every value is drawn evenly between its bounds;
    0 (for JPEG quality 100) switches an operation off. `data/augment/augment.py` says
    in which order the operations run.

    Attributes:
        where: `transform` writes augmented copies once, `trainer` draws anew for every
            picture in every epoch, `both` does both: then a written copy is varied a
            second time, from the same bounds.
        copies: Augmented copies per training picture that Transform adds to it.
        rotation_deg: Turns by up to so many degrees either way, 0..180.
        shift: Moves by up to this share of width and height either way, 0..1.
        shear: Leans by up to this tangent either way, 0..1; 0.2 is 11.3 degrees. Keras'
            ImageDataGenerator takes degrees: its `shear_range=0.2` is a tangent of
            0.0035, less than a pixel in 256; early versions took radians, which is
            nearly the tangent.
        zoom: Enlarges by a factor between 1 - zoom and 1 + zoom, 0..0.9.
        zoom_keeps_aspect: One factor for both axes; false draws one for each, as Keras'
            ImageDataGenerator does.
        flip_probability: Share of pictures that are mirrored left to right; classes
            that have a side become their partner.
        fill: What stands where the picture does not reach: its edge repeated, its
            mirror image, its other side, or grey 127 and void.
        brightness: Adds up to this share of full white either way, 0..1.
        contrast: Scales the distance to the mean by 1 - contrast to 1 + contrast, 0..1.
        saturation: Scales the distance to grey by 1 - saturation to 1 + saturation,
            0..1.
        hue: Turns the colour circle by up to this share of it either way, 0..0.5.
        blur_sigma_px: Largest Gaussian blur, in pixels of the model's input, 0..8.
        blur_probability: Share of pictures that are blurred.
        jpeg_quality_min: Lowest quality of a round trip through JPEG, 1..100.
        jpeg_probability: Share of pictures that make the round trip.
    """

    where: Where = "both"
    copies: int = 2
    rotation_deg: float = 10.0
    shift: float = 0.08
    shear: float = 0.05
    zoom: float = 0.15
    zoom_keeps_aspect: bool = True
    flip_probability: float = 0.5
    fill: Fill = "constant"
    brightness: float = 0.12
    contrast: float = 0.2
    saturation: float = 0.25
    hue: float = 0.03
    blur_sigma_px: float = 1.0
    blur_probability: float = 0.2
    jpeg_quality_min: int = 50
    jpeg_probability: float = 0.3

    def __post_init__(self) -> None:
        require_choice("augment.where", self.where, get_args(Where))
        require_choice("augment.fill", self.fill, get_args(Fill))
        _require_whole("copies", self.copies, 0, MAX_COPIES)
        _require_whole("jpeg_quality_min", self.jpeg_quality_min, 1, 100)
        for name, high in _BOUNDS.items():
            _require_number(name, getattr(self, name), high)
        require(
            isinstance(self.zoom_keeps_aspect, bool),
            "augment.zoom_keeps_aspect",
            "true or false",
            repr(self.zoom_keeps_aspect),
        )

    @property
    def transform_copies(self) -> int:
        """Augmented copies that Transform writes per training picture."""
        return self.copies if self.where in ("transform", "both") else 0

    @property
    def in_trainer(self) -> bool:
        """Whether the Trainer draws anew in every epoch."""
        return self.where in ("trainer", "both")

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> AugmentConfig:
        """Fills the defaults with values; refuses names that are no field."""
        return filled("augment", cls(), values)

    @classmethod
    def named(cls, name: str) -> AugmentConfig:
        """Returns the policy of that name; `--set prepare.augment=carvana` calls it."""
        return augment_policy(name)


_BOUNDS: Mapping[str, float] = types.MappingProxyType(
    {
        "rotation_deg": 180.0,
        "shift": 1.0,
        "shear": 1.0,
        "zoom": 0.9,
        "flip_probability": 1.0,
        "brightness": 1.0,
        "contrast": 1.0,
        "saturation": 1.0,
        "hue": 0.5,
        "blur_sigma_px": MAX_BLUR_SIGMA_PX,
        "blur_probability": 1.0,
        "jpeg_probability": 1.0,
    }
)


def _require_number(name: str, value: object, high: float) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    holds = is_number and 0 <= value <= high  # type: ignore[operator]
    require(holds, f"augment.{name}", f"a number between 0 and {high:g}", repr(value))


def _require_whole(name: str, value: object, low: int, high: int) -> None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    holds = is_whole and low <= value <= high  # type: ignore[operator]
    rule = f"a whole number between {low} and {high}"
    require(holds, f"augment.{name}", rule, repr(value))


_NO_PHOTOMETRY: Mapping[str, Any] = types.MappingProxyType(
    {
        "brightness": 0.0,
        "contrast": 0.0,
        "saturation": 0.0,
        "hue": 0.0,
        "blur_sigma_px": 0.0,
        "jpeg_quality_min": 100,
    }
)

NO_AUGMENT = AugmentConfig(
    where="none",
    copies=0,
    rotation_deg=0.0,
    shift=0.0,
    shear=0.0,
    zoom=0.0,
    flip_probability=0.0,
    **_NO_PHOTOMETRY,
)

# Predecessor D's ImageDataGenerator settings (facts/predecessors.md), shear read as the
# tangent that its author must have meant.
CARVANA = AugmentConfig(
    rotation_deg=90.0,
    shift=0.2,
    shear=0.2,
    zoom=0.2,
    zoom_keeps_aspect=False,
    flip_probability=0.5,
    fill="nearest",
    **_NO_PHOTOMETRY,
)

POLICIES: Mapping[str, AugmentConfig] = types.MappingProxyType(
    {"none": NO_AUGMENT, "light": AugmentConfig(), "carvana": CARVANA}
)


def augment_policy(name: str) -> AugmentConfig:
    """Returns the policy of that name.

    Example:
        >>> augment_policy("carvana").rotation_deg
        90.0
    """
    if name not in POLICIES:
        raise ValueError(unknown_name("augment policy", name, POLICIES))
    return POLICIES[name]
