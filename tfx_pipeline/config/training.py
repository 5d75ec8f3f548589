"""How the network is trained: length, optimiser, loss, precision and devices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from tfx_pipeline.config.stages import require, require_choice, require_share

ClassWeights = Literal["none", "audit"]
LossOver = Literal["batch", "image"]
Precision = Literal["float32", "mixed_float16", "mixed_bfloat16"]
Strategy = Literal["none", "mirrored"]


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """One training from its first step to the weights that are kept.

    Attributes:
        epochs: Passes over the train split at most.
        batch_size: Pictures per step, over all devices together.
        learning_rate: The highest rate, reached when the warm-up ends.
        final_rate_share: Share of `learning_rate` left at the last step, 0..1.
        warmup_share: Share of all steps in which the rate climbs from 0, 0..1.
        weight_decay: AdamW's; higher pulls kernels to 0 (never biases and norms).
        clip_norm: Gradients together are cut to this length; 0 leaves them.
        ce_weight: Share of cross-entropy in the loss, 0 or more.
        dice_weight: Share of soft Dice; higher favours small classes.
        loss_over: `batch` takes both parts over all pixels of a step; `image` takes
            them per picture, so that several devices give the loss of one.
        class_weights: `audit` weighs cross-entropy by the audit's pixel counts.
        class_weight_power: 0 weighs all classes alike, 1 by inverse frequency.
        early_stopping_patience: Epochs without a better eval mIoU until the end;
            0 never stops early.
        precision: `mixed_...` computes in 16 bit and keeps weights in 32.
        strategy: `tf.distribute` strategy by name.
        devices: Devices that a strategy takes; 0 takes all.
        seed: Of weights, dropout and the order of pictures.
        deterministic_ops: Same bits on every run, at the price of speed.
        max_steps_per_epoch: Cuts an epoch short; None takes the whole split.
        max_eval_steps: Cuts the evaluation between epochs short.
        initial_weights: A `.keras` or `.weights.h5` file to start from.
        base_model: Folder of a Model artifact of an earlier run to start from; TFX
            imports it, so that it is part of the lineage.
        save_every_steps: Steps between two backups inside an epoch; 0 backs up
            after each epoch only.
        calibrate: Divide the best weights' logits by a temperature fitted on eval, so
            that a score of 0.8 is right in 8 of 10 pixels; changes no mask.
    """

    epochs: int = 20
    batch_size: int = 8
    learning_rate: float = 1e-3
    final_rate_share: float = 0.01
    warmup_share: float = 0.05
    weight_decay: float = 1e-4
    clip_norm: float = 1.0
    ce_weight: float = 1.0
    dice_weight: float = 1.0
    loss_over: LossOver = "batch"
    class_weights: ClassWeights = "none"
    class_weight_power: float = 0.5
    early_stopping_patience: int = 0
    precision: Precision = "float32"
    strategy: Strategy = "none"
    devices: int = 0
    seed: int = 0
    deterministic_ops: bool = False
    max_steps_per_epoch: int | None = None
    max_eval_steps: int | None = None
    initial_weights: str | None = None
    base_model: str | None = None
    save_every_steps: int = 0
    calibrate: bool = True

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            require_choice(f"training.{field}", getattr(self, field), choices)
        for field in _SHARES:
            require_share(f"training.{field}", getattr(self, field))
        for field, low in _AT_LEAST.items():
            value = getattr(self, field)
            if value is not None:
                holds = low <= value < float("inf")
                require(holds, f"training.{field}", f"{low} or more", value)
        require(
            0 < self.learning_rate < float("inf"),
            "training.learning_rate",
            "above 0",
            self.learning_rate,
        )
        require(
            self.ce_weight + self.dice_weight > 0,
            "training.ce_weight and dice_weight",
            "above 0 together",
            f"{self.ce_weight} and {self.dice_weight}",
        )
        require(
            self.initial_weights is None
            or self.initial_weights.endswith((".keras", ".weights.h5")),
            "training.initial_weights",
            "a .keras or .weights.h5 file",
            repr(self.initial_weights),
        )
        require(
            self.initial_weights is None or self.base_model is None,
            "training.initial_weights or training.base_model",
            "the only start",
            f"{self.initial_weights} and {self.base_model}",
        )


_CHOICES: dict[str, tuple[str, ...]] = {
    "loss_over": get_args(LossOver),
    "class_weights": get_args(ClassWeights),
    "precision": get_args(Precision),
    "strategy": get_args(Strategy),
}
_SHARES = ("final_rate_share", "warmup_share", "class_weight_power")
_AT_LEAST: dict[str, int] = {
    "epochs": 1,
    "batch_size": 1,
    "weight_decay": 0,
    "clip_norm": 0,
    "ce_weight": 0,
    "dice_weight": 0,
    "early_stopping_patience": 0,
    "devices": 0,
    "seed": 0,
    "max_steps_per_epoch": 1,
    "max_eval_steps": 1,
    "save_every_steps": 0,
}
