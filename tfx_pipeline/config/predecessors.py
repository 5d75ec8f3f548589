"""What the five replaced projects chose, as presets; `--manual-dir` says where.

Their networks, sizes, policies and lengths, for a comparison on the same data with the
same budget. Not their faults: photos are split by car or case and never augmented for
eval, masks are resized to the nearest pixel, and training and serving normalise alike.
"""

from __future__ import annotations

from dataclasses import replace

from tfx_pipeline.config.augment import NO_AUGMENT, augment_policy
from tfx_pipeline.config.judging import EvaluateConfig
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.stages import DataConfig
from tfx_pipeline.config.training import TrainingConfig

# Adam and cross-entropy as they come: no schedule, no decay, no clipping.
_ADAM = TrainingConfig(
    final_rate_share=1.0,
    warmup_share=0.0,
    weight_decay=0.0,
    clip_norm=0.0,
    dice_weight=0.0,
)
# C and D took the network of Ronneberger et al. and say no more of the training.
_FIRST_UNET = ModelConfig(base_width=64, norm="none", up="transpose", up_kernel_px=2)
_OWN_TRAINING = replace(_ADAM, learning_rate=1e-4)


def predecessor_a() -> PipelineConfig:
    """Nine car parts on repaired masks: a narrow U-Net with ELU, Dice and entropy."""
    return PipelineConfig(
        data=DataConfig(
            builder="car_parts_carseg", task="parts", options={"repair_masks": True}
        ),
        prepare=PrepareConfig(
            height_px=256,
            width_px=256,
            augment=replace(
                NO_AUGMENT,
                where="transform",
                copies=1,
                rotation_deg=20.0,
                flip_probability=0.5,
                brightness=0.1,
            ),
        ),
        model=ModelConfig(
            norm="none",
            activation="elu",
            dropout_outer=0.1,
            dropout_inner=0.2,
            dropout_at="between_convs",
            up="transpose",
            up_kernel_px=2,
        ),
        training=replace(
            _ADAM,
            epochs=200,
            batch_size=32,
            dice_weight=1.0,
            early_stopping_patience=30,
        ),
        evaluate=EvaluateConfig(rest_class="rest_of_car"),
    )


def predecessor_b() -> PipelineConfig:
    """Damage in photos of accidents, three epochs; its networks were pretrained.

    The nearest one at hand to its DeepLabV3 on MobileViT. From scratch three epochs at
    this rate teach little: give `training.initial_weights`, or more epochs and a rate.
    """
    return PipelineConfig(
        data=DataConfig(builder="car_damage_aihub", task="damage_binary"),
        prepare=PrepareConfig(height_px=512, width_px=512, augment=NO_AUGMENT),
        model=ModelConfig(
            name="deeplab_v3_plus",
            normalisation="imagenet",
            backbone="mobilenet_v3_small",
        ),
        training=replace(_ADAM, epochs=3, batch_size=4, learning_rate=5e-5),
    )


def predecessor_c() -> PipelineConfig:
    """Street scenes of 256 x 256 with the first U-Net; its PSPNet is not built here."""
    return PipelineConfig(
        data=DataConfig(builder="cityscapes_image_pairs", task="classes19"),
        prepare=PrepareConfig(height_px=256, width_px=256, augment=NO_AUGMENT),
        model=_FIRST_UNET,
        training=_OWN_TRAINING,
    )


def predecessor_d() -> PipelineConfig:
    """Whole cars at 256 x 256 with the first U-Net, turned by up to 90 degrees."""
    return PipelineConfig(
        data=DataConfig(builder="carvana", task="car"),
        prepare=PrepareConfig(
            height_px=256,
            width_px=256,
            augment=replace(augment_policy("carvana"), where="trainer", copies=0),
        ),
        model=_FIRST_UNET,
        training=_OWN_TRAINING,
    )


def predecessor_e() -> PipelineConfig:
    """A few dozen photos of damage, five copies of each; pixels enter as 0..255."""
    return PipelineConfig(
        data=DataConfig(builder="car_damage_small", task="damage"),
        prepare=PrepareConfig(
            height_px=256,
            width_px=256,
            augment=replace(
                NO_AUGMENT,
                where="transform",
                copies=5,
                rotation_deg=25.0,
                shift=0.2,
                zoom=0.2,
                zoom_keeps_aspect=False,
                flip_probability=0.5,
                fill="reflect",
            ),
        ),
        model=ModelConfig(
            normalisation="none",
            norm="none",
            dropout_outer=0.25,
            dropout_inner=0.5,
            up="transpose",
            head_kernel_px=3,
        ),
        training=replace(_ADAM, epochs=100),
    )
