"""Colours and finish of one car."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# What people buy: mostly greys. Walls, vans, bins and signs take from it as well,
# so that a colour alone says nothing about a pixel.
PAINTS: tuple[tuple[tuple[float, float, float], float], ...] = (
    ((0.86, 0.86, 0.85), 0.17),
    ((0.06, 0.06, 0.07), 0.13),
    ((0.35, 0.36, 0.38), 0.14),
    ((0.62, 0.63, 0.65), 0.13),
    ((0.16, 0.17, 0.2), 0.06),
    ((0.62, 0.07, 0.07), 0.08),
    ((0.1, 0.2, 0.48), 0.09),
    ((0.3, 0.5, 0.68), 0.04),
    ((0.12, 0.28, 0.18), 0.04),
    ((0.66, 0.58, 0.44), 0.04),
    ((0.42, 0.3, 0.2), 0.03),
    ((0.8, 0.4, 0.1), 0.02),
    ((0.85, 0.7, 0.16), 0.02),
    ((0.45, 0.52, 0.4), 0.01),
)


@dataclass(frozen=True, kw_only=True)
class CarLook:
    """Finish of one car; colours are RGB 0..1.

    Attributes:
        paint_rgb: Body colour.
        gloss: Strength of mirror images in the paint, 0..1.
        metallic: Strength of the wide highlight, 0..1.
        rim_rgb: Colour of the rims.
        spokes: Spokes of a rim.
        wheel_turn: How far the wheels have rolled, radians.
        glass: How much of what lies behind passes through the windows, 0..1.
        trim: Brightness of grille bars, 0..1.
        plate_rgb: Ground colour of the licence plate.
        lights_on: Whether head and tail lights burn.
        dirt: Strength of the dirt on the lower body, 0..1.
    """

    paint_rgb: np.ndarray
    gloss: float
    metallic: float
    rim_rgb: np.ndarray
    spokes: int
    wheel_turn: float
    glass: float
    trim: float
    plate_rgb: np.ndarray
    lights_on: bool
    dirt: float


def sample_paint(rng: np.random.Generator) -> np.ndarray:
    """Draws a car paint, a shade off the list."""
    shares = np.array([share for _, share in PAINTS])
    paint = PAINTS[int(rng.choice(len(PAINTS), p=shares / shares.sum()))][0]
    rgb = np.array(paint) * rng.uniform(0.8, 1.15) + rng.normal(0, 0.015, 3)
    return np.clip(rgb, 0.03, 0.95).astype(np.float32)


def sample_look(rng: np.random.Generator, *, spokes: int, dark: bool) -> CarLook:
    """Draws the finish of a car; in the `dark` its lights mostly burn."""
    rim = rng.choice([0.85, 0.7, 0.55, 0.16], p=[0.35, 0.3, 0.2, 0.15])
    plates = ([0.92, 0.92, 0.9], [0.9, 0.78, 0.2], [0.85, 0.9, 0.95])
    return CarLook(
        paint_rgb=sample_paint(rng),
        gloss=rng.uniform(0.5, 1.0),
        metallic=rng.uniform(0.0, 0.5),
        rim_rgb=np.full(3, rim) * rng.uniform(0.95, 1.05, 3),
        spokes=spokes,
        wheel_turn=rng.uniform(0, 6.28),
        glass=rng.uniform(0.15, 0.5),
        trim=rng.uniform(0.12, 0.6),
        plate_rgb=np.array(plates[int(rng.choice(3, p=[0.7, 0.15, 0.15]))]),
        lights_on=bool(rng.random() < (0.8 if dark else 0.12)),
        dirt=rng.uniform(0, 0.5) if rng.random() < 0.3 else 0.0,
    )
