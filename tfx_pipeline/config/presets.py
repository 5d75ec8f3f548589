"""Named configurations; each is a function that returns a whole one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.stages import BeamConfig, DataConfig
from tfx_pipeline.config.unknown_name import unknown_name


def smoke() -> PipelineConfig:
    """A few hundred small drawn cars, in memory: minutes on a laptop."""
    return PipelineConfig(
        data=DataConfig(
            options={"examples": 240, "height_px": 144, "width_px": 192, "seed": 7},
        ),
    )


def local() -> PipelineConfig:
    """Two thousand drawn cars with a process per core of this machine."""
    return PipelineConfig(
        data=DataConfig(
            options={"examples": 2000, "height_px": 240, "width_px": 320, "seed": 7},
        ),
        beam=BeamConfig(running_mode="multi_processing", workers=0),
    )


def production() -> PipelineConfig:
    """A user's own folder of photos and masks, verified byte by byte."""
    return PipelineConfig(
        data=DataConfig(builder="folder_masks", task="objects", verify_bytes=True),
        beam=BeamConfig(running_mode="multi_processing", workers=0),
    )


PRESETS: Mapping[str, Callable[[], PipelineConfig]] = {
    "smoke": smoke,
    "local": local,
    "production": production,
}


def preset(name: str) -> PipelineConfig:
    """Returns the named preset's configuration."""
    if name not in PRESETS:
        raise ValueError(unknown_name("preset", name, PRESETS))
    return PRESETS[name]()
