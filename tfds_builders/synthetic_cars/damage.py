"""Damage on the visible surface of a car: where it lies and what it does there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from tfds_builders.synthetic_cars import car_parts
from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.car_parts import Skin
from tfds_builders.synthetic_cars.g_buffer import Surface
from tfds_builders.synthetic_cars.taxonomy import DAMAGE_IDS, PART_IDS

_KINDS = ("scratch", "dent", "crack", "broken")
_WEIGHTS = (0.32, 0.26, 0.2, 0.22)
_SMALLEST_CAR_PX = 4000
_SMALLEST_MARK_PX = 24
_BREAKABLE = (
    "left_headlight", "right_headlight", "left_tail_light", "right_tail_light",
    "left_mirror", "right_mirror", "front_bumper", "rear_bumper", "grille",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One damage in the window of a car.

    Attributes:
        kind: One of scratch, dent, crack, broken.
        mask: Its pixels, bool [height, width].
        centre: Middle (x, y) in the window.
        radius_px: Its reach.
        strength: Signed strength, meaning depends on the kind.
    """

    kind: str
    mask: np.ndarray
    centre: tuple[int, int]
    radius_px: float
    strength: float

    @property
    def class_id(self) -> int:
        """Class id of task `damage`."""
        return DAMAGE_IDS[self.kind]


def sample_damages(
    rng: np.random.Generator, surface: Surface, skin: Skin, *, share: float
) -> list[Damage]:
    """Draws the damages of a car; with probability `share` it has one to three.

    Marks lie on the body's visible pixels only, each on the parts that can carry it.
    """
    if len(surface.rows) < _SMALLEST_CAR_PX or rng.random() > share:
        return []
    damages: list[Damage] = []
    taken = np.zeros(surface.size, bool)
    for _ in range(int(rng.integers(1, 4))):
        kind = str(rng.choice(_KINDS, p=_WEIGHTS))
        damage = _sample_damage(rng, kind, surface, skin)
        if damage is None:
            continue
        mask = damage.mask & ~taken
        if mask[::2, ::2].sum() * 4 < _SMALLEST_MARK_PX:
            continue
        taken |= mask
        damages.append(replace(damage, mask=mask))
    return damages


def _carriers(kind: str, skin: Skin) -> np.ndarray:
    if kind in ("scratch", "dent"):
        return (skin.materials == car_parts.PAINT) & (skin.parts != PART_IDS["body"])
    if kind == "crack":
        brittle = (car_parts.GLASS, car_parts.LAMP, car_parts.RED_LAMP)
        return np.isin(skin.materials, brittle)
    return np.isin(skin.parts, [PART_IDS[name] for name in _BREAKABLE])


def _sample_damage(
    rng: np.random.Generator, kind: str, surface: Surface, skin: Skin
) -> Damage | None:
    carriers = _carriers(kind, skin)
    candidates = np.flatnonzero(carriers)
    if not len(candidates):
        return None
    seed = candidates[int(rng.integers(len(candidates)))]
    centre = (int(surface.cols[seed]), int(surface.rows[seed]))
    car_px = float(np.sqrt(len(surface.rows)))
    low, high = {"scratch": (0.12, 0.32), "dent": (0.09, 0.17),
                 "crack": (0.1, 0.22), "broken": (0.06, 0.13)}[kind]  # fmt: skip
    radius = car_px * rng.uniform(low, high)
    draw = {"scratch": _scratch, "dent": _blob, "crack": _star, "broken": _shard}[kind]
    mask = draw(rng, surface.size, centre, radius, max(2, round(car_px / 110)))
    on = carriers
    if kind in ("crack", "broken"):
        on = carriers & (skin.parts == skin.parts[seed])
    return Damage(
        kind=kind,
        mask=mask & surface.spread(on),
        centre=centre,
        radius_px=radius,
        strength=float(rng.choice([-1.0, 1.0]) * rng.uniform(0.8, 1.3)),
    )


def _scratch(
    rng: np.random.Generator,
    size: tuple[int, int],
    centre: tuple[int, int],
    radius: float,
    thickness: int,
) -> np.ndarray:
    """A few nearly parallel, slightly bent lines."""
    mask = np.zeros(size, np.uint8)
    angle = rng.normal(0, 0.35) + rng.choice([0.0, np.pi / 2], p=[0.8, 0.2])
    along = np.array([np.cos(angle), np.sin(angle)])
    for line in range(int(rng.integers(1, 5))):
        offset = np.array([-along[1], along[0]]) * (line * 2.4 * thickness)
        steps = np.linspace(-1, rng.uniform(0.2, 1), 8)[:, None] * along * radius
        bend = np.cumsum(rng.normal(0, 0.035 * radius, (8, 2)), axis=0)
        points = np.asarray(centre) + offset + steps + bend
        line_px = [points.round().astype(np.int32).reshape(-1, 1, 2)]
        cv2.polylines(mask, line_px, False, 1, thickness)
    return mask > 0


def _blob(
    rng: np.random.Generator,
    size: tuple[int, int],
    centre: tuple[int, int],
    radius: float,
    thickness: int,
) -> np.ndarray:
    """A rounded, uneven area; `thickness` does not matter."""
    around = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    waves = [
        rng.uniform(0, 0.14) * np.cos(k * around + rng.uniform(0, 6)) for k in (2, 3)
    ]
    wobble = 1 + np.sum(waves, axis=0)
    points = np.stack([np.cos(around), 0.75 * np.sin(around)], axis=1)
    points = np.asarray(centre) + points * wobble[:, None] * radius
    mask = np.zeros(size, np.uint8)
    cv2.fillPoly(mask, [points.round().astype(np.int32).reshape(-1, 1, 2)], 1)
    return mask > 0


def _star(
    rng: np.random.Generator,
    size: tuple[int, int],
    centre: tuple[int, int],
    radius: float,
    thickness: int,
) -> np.ndarray:
    """Jagged rays from one point with a broken ring around it."""
    mask = np.zeros(size, np.uint8)
    count = int(rng.integers(5, 10))
    start = rng.uniform(0, 6.28)
    ring = []
    for angle in start + np.arange(count) * 2 * np.pi / count + rng.normal(0, 0.2):
        reach = radius * rng.uniform(0.5, 1.1)
        steps = np.linspace(0, 1, 5)[:, None] * np.array([np.cos(angle), np.sin(angle)])
        bend = rng.normal(0, 0.05 * radius, (5, 2)) * np.linspace(0, 1, 5)[:, None]
        points = (np.asarray(centre) + steps * reach + bend).round().astype(np.int32)
        cv2.polylines(mask, [points.reshape(-1, 1, 2)], False, 1, thickness)
        ring.append(points[2])
    cv2.polylines(mask, [np.array(ring[: count - 1])], False, 1, max(2, thickness - 1))
    return mask > 0


def _shard(
    rng: np.random.Generator,
    size: tuple[int, int],
    centre: tuple[int, int],
    radius: float,
    thickness: int,
) -> np.ndarray:
    """A jagged hole; `thickness` does not matter."""
    around = np.linspace(0, 2 * np.pi, 13, endpoint=False)
    reach = radius * rng.uniform(0.55, 1.25, 13)
    points = np.stack([1.3 * np.cos(around), np.sin(around)], axis=1) * reach[:, None]
    points = (np.asarray(centre) + points).round().astype(np.int32)
    mask = np.zeros(size, np.uint8)
    cv2.fillPoly(mask, [points.reshape(-1, 1, 2)], 1)
    return mask > 0


def dented(
    surface: Surface, normals: np.ndarray, camera: Camera, damages: list[Damage]
) -> np.ndarray:
    """Returns the normals [n, 3] as the dents among `damages` bend them."""
    axes = camera.axes.astype(np.float32)
    for damage in damages:
        if damage.kind != "dent":
            continue
        at = np.flatnonzero(damage.mask[surface.rows, surface.cols])
        dx = (surface.cols[at] - damage.centre[0]) / damage.radius_px
        dy = (surface.rows[at] - damage.centre[1]) / (0.75 * damage.radius_px)
        fold = 0.35 * np.sin(5 * dx + 3 * dy)
        slope = damage.strength * np.stack([dx + fold, dy - fold], axis=1) * 1.3
        bent = normals[at] + slope @ axes[:2]
        normals = normals.copy()
        normals[at] = bent / np.linalg.norm(bent, axis=1, keepdims=True)
    return normals.astype(np.float32)


def paint_damages(
    rng: np.random.Generator, colours: np.ndarray, damages: list[Damage]
) -> None:
    """Paints scratches, cracks and holes over a car's window [h, w, 3], in place."""
    for damage in damages:
        on = damage.mask
        if damage.kind == "scratch":
            bright = 0.85 if damage.strength > 0 else 0.12
            if abs(float(colours[on].mean()) - bright) < 0.3:
                bright = 1 - bright
            colours[on] = 0.35 * colours[on] + 0.65 * bright
        elif damage.kind == "crack":
            bright = 0.85 if colours[on].mean() < 0.5 else 0.1
            colours[on] = 0.4 * colours[on] + 0.6 * bright
        elif damage.kind == "broken":
            rough = rng.uniform(0.0, 0.13, (int(on.sum()), 1))
            colours[on] = 0.03 + rough
            rim = on & ~cv2.erode(on.astype(np.uint8), np.ones((3, 3))).astype(bool)
            colours[rim] = rng.uniform(0.05, 0.45, (int(rim.sum()), 1))
