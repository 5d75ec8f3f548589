"""Our recipe for each dataset that its owner publishes; `--manual-dir` says where."""

from __future__ import annotations

from components.segmentation_metrics.condition_names import CONDITIONS
from tfx_pipeline.config.augment import AugmentConfig, augment_policy
from tfx_pipeline.config.judging import EvaluateConfig, GateConfig
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.stages import DataConfig
from tfx_pipeline.config.training import TrainingConfig


def carvana() -> PipelineConfig:
    """Whole cars on a turntable; photos of 1918 x 1280 keep their shape."""
    return PipelineConfig(
        data=DataConfig(builder="carvana", task="car"),
        prepare=PrepareConfig(
            height_px=320, width_px=480, augment=augment_policy("carvana")
        ),
        training=TrainingConfig(epochs=20, early_stopping_patience=5),
        evaluate=EvaluateConfig(slice_features=("view", "make", "source", *CONDITIONS)),
        gate=GateConfig(values=({"metric": "iou", "class": "car", "at_least": 0.9},)),
    )


def cityscapes_pairs() -> PipelineConfig:
    """Street scenes of 256 x 256 with rare classes, from labels that are JPEG."""
    return PipelineConfig(
        data=DataConfig(builder="cityscapes_image_pairs", task="classes19"),
        # A street has an up and a down: nothing is turned far.
        prepare=PrepareConfig(
            height_px=256, width_px=256, augment=AugmentConfig(rotation_deg=3.0)
        ),
        model=ModelConfig(base_width=32),
        training=TrainingConfig(
            epochs=60, class_weights="audit", early_stopping_patience=10
        ),
    )


def car_parts() -> PipelineConfig:
    """Eighteen parts with left and right, from polygons."""
    return PipelineConfig(
        data=DataConfig(builder="coco_cars", config="dsmlr_parts", task="parts"),
        prepare=PrepareConfig(height_px=384, width_px=512),
        model=ModelConfig(base_width=32),
        training=TrainingConfig(
            epochs=80, class_weights="audit", early_stopping_patience=15
        ),
    )


def car_damage_aihub() -> PipelineConfig:
    """Damage against the rest, in photos of accidents; sliced by the car's size."""
    return PipelineConfig(
        data=DataConfig(builder="car_damage_aihub", task="damage_binary"),
        prepare=PrepareConfig(height_px=512, width_px=512),
        model=ModelConfig(base_width=32),
        training=TrainingConfig(
            epochs=30, class_weights="audit", early_stopping_patience=6
        ),
        evaluate=EvaluateConfig(slice_features=("vehicle_size", "source", *CONDITIONS)),
    )


def car_damage_small() -> PipelineConfig:
    """A few dozen photos of damage: many copies, and a small network."""
    return PipelineConfig(
        data=DataConfig(builder="car_damage_small", task="damage"),
        prepare=PrepareConfig(
            height_px=256, width_px=256, augment=AugmentConfig(copies=5)
        ),
        training=TrainingConfig(
            epochs=60, class_weights="audit", early_stopping_patience=15
        ),
    )
