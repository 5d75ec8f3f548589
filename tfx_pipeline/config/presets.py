"""Named configurations; each is a function that returns a whole one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tfx_pipeline.config import predecessors, recipes
from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.config.judging import EvaluateConfig, GateConfig
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.stages import DataConfig
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.config.unknown_name import unknown_name


def smoke() -> PipelineConfig:
    """Four hundred small drawn cars, in memory: all stages in minutes on a laptop."""
    return PipelineConfig(
        data=DataConfig(
            options={"examples": 400, "height_px": 96, "width_px": 128, "seed": 7},
        ),
        prepare=PrepareConfig(
            height_px=96,
            width_px=128,
            # Gentler than the default: so short a training gains nothing by more.
            augment=AugmentConfig(
                copies=1,
                rotation_deg=5.0,
                shift=0.05,
                shear=0.0,
                zoom=0.1,
                hue=0.02,
                blur_sigma_px=0.0,
                jpeg_quality_min=100,
            ),
        ),
        # A quarter of the positions at twice the width: the best IoU for its seconds.
        model=ModelConfig(patch_px=2, depth=3),
        training=TrainingConfig(epochs=6, batch_size=4, learning_rate=3e-3),
        evaluate=EvaluateConfig(inference_batch_size=8),
        gate=GateConfig(
            values=({"metric": "foreground_miou", "at_least": 0.7},),
            # Sixty test photos: the interval of a change is some 0.03 to each side.
            changes=({"metric": "miou", "margin": 0.05},),
        ),
    )


def local() -> PipelineConfig:
    """Two thousand drawn cars with a process per core of this machine."""
    return PipelineConfig(
        data=DataConfig(
            options={"examples": 2000, "height_px": 240, "width_px": 320, "seed": 7},
        ),
        prepare=PrepareConfig(height_px=192, width_px=256),
        training=TrainingConfig(epochs=30, early_stopping_patience=8),
        beam=BeamConfig(workers=0),
    )


def production() -> PipelineConfig:
    """A user's own folder of photos and masks, verified byte by byte."""
    return PipelineConfig(
        data=DataConfig(builder="folder_masks", task="objects", verify_bytes=True),
        prepare=PrepareConfig(height_px=512, width_px=512),
        model=ModelConfig(base_width=32),
        training=TrainingConfig(
            epochs=60, class_weights="audit", early_stopping_patience=12
        ),
        beam=BeamConfig(workers=0),
    )


PRESETS: Mapping[str, Callable[[], PipelineConfig]] = {
    "smoke": smoke,
    "local": local,
    "production": production,
    **{
        recipe.__name__: recipe
        for recipe in (
            recipes.carvana,
            recipes.cityscapes_pairs,
            recipes.car_parts,
            recipes.car_damage_aihub,
            recipes.car_damage_small,
            predecessors.predecessor_a,
            predecessors.predecessor_b,
            predecessors.predecessor_c,
            predecessors.predecessor_d,
            predecessors.predecessor_e,
        )
    },
}


def preset(name: str) -> PipelineConfig:
    """Returns the named preset's configuration."""
    if name not in PRESETS:
        raise ValueError(unknown_name("preset", name, PRESETS))
    return PRESETS[name]()
