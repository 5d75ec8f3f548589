"""Daylight of a scene: sun, sky and what a glossy surface mirrors of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tfds_builders.synthetic_cars.camera import turn_about_z

KINDS = ("day", "low_sun", "overcast", "dusk", "night")
_WEIGHTS = (0.40, 0.16, 0.24, 0.13, 0.07)


@dataclass(frozen=True, kw_only=True)
class Light:
    """One light for a whole picture; colours are RGB 0..1.

    Attributes:
        kind: One of `KINDS`.
        towards_sun: Unit vector, [3].
        sun: Colour of direct light; its strength is the colour's size.
        ambient: Colour of the light from everywhere.
        zenith: Colour of the sky overhead.
        horizon: Colour of the sky at the horizon.
        skyline: Colour of what stands on the horizon, for reflections.
        skyline_phase: Where along the horizon the skyline is high.
        shadow: How much of the light a cast shadow takes, 0..1.
    """

    kind: str
    towards_sun: np.ndarray
    sun: np.ndarray
    ambient: np.ndarray
    zenith: np.ndarray
    horizon: np.ndarray
    skyline: np.ndarray
    skyline_phase: float
    shadow: float

    def turned(self, yaw: float) -> Light:
        """Returns the light in the frame of an object that is turned by `yaw`."""
        return replace(
            self,
            towards_sun=(self.towards_sun @ turn_about_z(yaw)).astype(np.float32),
            skyline_phase=self.skyline_phase + yaw,
        )

    def shade(self, normals: np.ndarray) -> np.ndarray:
        """Returns the matte light [n, 3] on surfaces with unit normals [n, 3]."""
        direct = np.maximum(normals @ self.towards_sun, 0)
        sky = 0.62 + 0.38 * normals[:, 2]
        light = direct[:, None] * self.sun
        return light + sky[:, None] * self.ambient

    def mirrored(self, directions: np.ndarray, ground: np.ndarray) -> np.ndarray:
        """Returns what a mirror shows [n, 3] in unit directions [n, 3]."""
        up = directions[:, 2]
        around = np.arctan2(directions[:, 1], directions[:, 0]) + self.skyline_phase
        top = 0.13 + 0.07 * np.sin(3 * around) + 0.05 * np.sin(7.3 * around)
        sky = _mix(self.horizon, self.zenith, np.clip(up * 1.6, 0, 1))
        above = _step(up - top, 0.05)[:, None]
        upper = sky * above + self.skyline * (1 - above)
        over = _step(up, 0.05)[:, None]
        return upper * over + ground * (1 - over)

    def glint(self, directions: np.ndarray, sharpness: float) -> np.ndarray:
        """Returns the mirrored sun [n] in unit directions [n, 3], 0..1."""
        towards = np.maximum(directions @ self.towards_sun, 0)
        return towards**sharpness


def _mix(low: np.ndarray, high: np.ndarray, share: np.ndarray) -> np.ndarray:
    return low + share[..., None] * (high - low)


def _float32(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)


def _step(values: np.ndarray, width: float) -> np.ndarray:
    return np.clip(values / width + 0.5, 0, 1)


def sample_light(rng: np.random.Generator) -> Light:
    """Draws the hour and the weather."""
    kind = str(rng.choice(KINDS, p=_WEIGHTS))
    azimuth = rng.uniform(-np.pi, np.pi)
    elevation = rng.uniform(0.12, 0.4) if kind == "low_sun" else rng.uniform(0.5, 1.2)
    sun_xy = np.cos(elevation) * np.array([np.cos(azimuth), np.sin(azimuth)])
    sun, ambient, zenith, horizon, shadow = _colours(kind, rng)
    return Light(
        kind=kind,
        towards_sun=np.array([*sun_xy, np.sin(elevation)], np.float32),
        sun=sun,
        ambient=ambient,
        zenith=zenith,
        horizon=horizon,
        skyline=_float32(0.35 * horizon * rng.uniform(0.6, 1.2, 3)),
        skyline_phase=rng.uniform(0, 6.28),
        shadow=shadow,
    )


def _colours(
    kind: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    jitter = rng.uniform(0.92, 1.08, 3)
    table: dict[str, tuple[list[float], list[float], list[float], list[float], float]]
    table = {
        "day": ([0.85, 0.81, 0.74], [0.58, 0.61, 0.67], [0.22, 0.43, 0.78],
                [0.75, 0.85, 0.95], 0.45),
        "low_sun": ([0.95, 0.7, 0.45], [0.5, 0.52, 0.6], [0.3, 0.45, 0.72],
                    [0.98, 0.82, 0.6], 0.42),
        "overcast": ([0.12, 0.12, 0.12], [0.8, 0.82, 0.85], [0.62, 0.66, 0.7],
                     [0.84, 0.86, 0.88], 0.15),
        "dusk": ([0.4, 0.26, 0.22], [0.5, 0.48, 0.56], [0.2, 0.22, 0.42],
                 [0.85, 0.5, 0.4], 0.25),
        "night": ([0.3, 0.26, 0.18], [0.4, 0.4, 0.48], [0.03, 0.04, 0.1],
                  [0.18, 0.16, 0.22], 0.35),
    }  # fmt: skip
    sun, ambient, zenith, horizon, shadow = table[kind]
    return (
        _float32(np.array(sun) * jitter),
        _float32(np.array(ambient) * jitter),
        _float32(np.clip(np.array(zenith) * rng.uniform(0.85, 1.15, 3), 0, 1)),
        _float32(np.clip(np.array(horizon) * rng.uniform(0.9, 1.1, 3), 0, 1)),
        shadow,
    )
