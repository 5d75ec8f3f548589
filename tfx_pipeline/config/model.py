"""Which network is trained, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from tfx_pipeline.config.stages import require, require_choice
from tfx_pipeline.config.unknown_name import unknown_name

MODEL_NAMES = ("unet", "deeplab_v3_plus")

PixelRange = Literal["minus_one_to_one", "zero_to_one", "imagenet", "none"]
Norm = Literal["none", "batch", "group"]
Activation = Literal["relu", "elu", "gelu", "silu"]
DropoutPlace = Literal["pools_and_skips", "between_convs"]
UpSampling = Literal["bilinear", "transpose"]
Backbone = Literal[
    "resnet18_v2",
    "resnet34_v2",
    "resnet50_v2",
    "resnet101_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
]


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """One architecture and its options; those of the others are not read.

    Attributes:
        name: The architecture, one of `MODEL_NAMES`.
        normalisation: What the first layer makes of 0..255: a range, the ImageNet
            mean and deviation, or (`none`) nothing.
        batch_norm_momentum: Closer to 1 averages over more steps; short trainings
            need 0.9, or the served statistics are still those of the start.
        patch_px: `unet`: side of the squares that the network sees as one position, 1
            to 8; 2 costs about half and draws slightly coarser outlines.
        depth: `unet`: halvings of the size; more sees further and multiplies the
            parameters by four. Height and width must divide by patch_px * 2 ** depth.
        base_width: `unet`: filters at full size, doubled with every halving.
        norm: `unet`: normalisation after every convolution; `group` does not depend
            on the batch, so it suits small batches and several devices.
        activation: `unet`: after every convolution but the last.
        dropout_outer: `unet`: rate at full size, 0..1; higher regularises more.
        dropout_inner: `unet`: rate at all smaller sizes, 0..1.
        dropout_at: `unet`: after each pool and each joined skip, or between the two
            convolutions of each level.
        up: `unet`: how the decoder grows; a transposed convolution, or a bilinear
            resize and a convolution, which draws no checkerboard.
        up_kernel_px: `unet`: kernel of that convolution.
        head_kernel_px: `unet`: kernel of the last convolution, 1 or 3; with a patch_px
            above 1 the head draws whole squares and has no kernel of its own.
        backbone: `deeplab_v3_plus`: the encoder, from scratch.
        decoder_width: `deeplab_v3_plus`: filters of pyramid and decoder.
    """

    name: str = "unet"
    normalisation: PixelRange = "minus_one_to_one"
    batch_norm_momentum: float = 0.9
    patch_px: int = 1
    depth: int = 4
    base_width: int = 16
    norm: Norm = "batch"
    activation: Activation = "relu"
    dropout_outer: float = 0.0
    dropout_inner: float = 0.0
    dropout_at: DropoutPlace = "pools_and_skips"
    up: UpSampling = "bilinear"
    up_kernel_px: int = 3
    head_kernel_px: int = 1
    backbone: Backbone = "mobilenet_v3_large"
    decoder_width: int = 256

    def __post_init__(self) -> None:
        if self.name not in MODEL_NAMES:
            raise ValueError(unknown_name("model", self.name, MODEL_NAMES))
        for field, choices in _CHOICES.items():
            require_choice(f"model.{field}", getattr(self, field), choices)
        for field, (low, high) in _COUNTS.items():
            value = getattr(self, field)
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            rule = f"a whole number {low}..{high}"
            require(is_whole and low <= value <= high, f"model.{field}", rule, value)
        for field in ("batch_norm_momentum", "dropout_outer", "dropout_inner"):
            value = getattr(self, field)
            require(0 <= value < 1, f"model.{field}", "at least 0 and below 1", value)


_CHOICES: dict[str, tuple[str, ...]] = {
    "normalisation": get_args(PixelRange),
    "norm": get_args(Norm),
    "activation": get_args(Activation),
    "dropout_at": get_args(DropoutPlace),
    "up": get_args(UpSampling),
    "backbone": get_args(Backbone),
}
_COUNTS: dict[str, tuple[int, int]] = {
    "patch_px": (1, 8),
    "depth": (1, 7),
    "base_width": (1, 512),
    "up_kernel_px": (1, 7),
    "head_kernel_px": (1, 7),
    "decoder_width": (8, 1024),
}
