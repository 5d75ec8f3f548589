"""Sky and ground of a scene: clouds, road with its marks, sidewalk and grass."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.canvas import NOISE_SIDE, SUPERSAMPLING, Canvas
from tfds_builders.synthetic_cars.light import Light
from tfds_builders.synthetic_cars.taxonomy import STREET_IDS

_FARTHEST_M = 400.0


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A straight road; `across` is the distance to the left of its middle line.

    Attributes:
        yaw: Direction of the road in the scene's frame.
        offset: Where the scene's origin lies across the road, metres.
        half_width: Middle line to kerb.
        sidewalk: Width of each sidewalk.
        is_lot: A parking lot with bays in place of lanes.
        road_rgb: Asphalt or concrete.
        sidewalk_rgb: Paving.
        terrain_rgb: Grass or earth behind the sidewalks.
        mark_rgb: Paint on the road.
        wet: Strength of the sky's mirror image on the road, 0..1.
    """

    yaw: float
    offset: float
    half_width: float
    sidewalk: float
    is_lot: bool
    road_rgb: np.ndarray
    sidewalk_rgb: np.ndarray
    terrain_rgb: np.ndarray
    mark_rgb: np.ndarray
    wet: float

    def place(self, along: float, across: float) -> tuple[float, float]:
        """Returns the scene's (x, y) of a place on the road."""
        side = across - self.offset
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        return float(along * cos - side * sin), float(along * sin + side * cos)

    def locate(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns (along, across) of places in the scene."""
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        return x * cos + y * sin, y * cos - x * sin + self.offset


def sample_ground(rng: np.random.Generator) -> Ground:
    """Draws a road with the main car, at the scene's origin, on it."""
    is_lot = bool(rng.random() < 0.3)
    half_width = rng.uniform(9, 16) if is_lot else rng.uniform(3.4, 6.5)
    lane = rng.choice([-1, 1]) * (half_width - rng.uniform(1.3, 2.2))
    grey = rng.uniform(0.25, 0.55)
    paving = np.clip(rng.uniform(0.4, 0.7) + rng.normal(0, 0.04, 3), 0, 1)
    grass, earth = [0.3, 0.42, 0.18], [0.48, 0.42, 0.33]
    terrain = np.array(grass if rng.random() < 0.7 else earth)
    return Ground(
        yaw=np.pi / 2 + rng.normal(0, 0.06) if is_lot else rng.normal(0, 0.06),
        offset=rng.uniform(-4, 4) if is_lot else lane,
        half_width=half_width,
        sidewalk=rng.uniform(1.2, 3.5),
        is_lot=is_lot,
        road_rgb=np.full(3, grey) + rng.normal(0, 0.015, 3),
        sidewalk_rgb=paving,
        terrain_rgb=terrain * rng.uniform(0.7, 1.2),
        mark_rgb=np.array([0.85, 0.85, 0.8]) * rng.uniform(0.7, 1.1),
        wet=rng.uniform(0.2, 0.5) if rng.random() < 0.2 else 0.0,
    )


def paint_sky(canvas: Canvas, camera: Camera, light: Light) -> None:
    """Fills the canvas with sky: gradient to the horizon and clouds."""
    height, width = canvas.size
    small_h, small_w = height // 4 + 1, width // 4 + 1
    rows, cols = np.mgrid[:small_h, :small_w] * 4.0
    up = np.clip(camera.rays(cols, rows)[..., 2], 0.0, 1)
    share = np.clip(up * 2.2, 0, 1)[..., None] ** 0.8
    sky = light.horizon * (1 - share) + light.zenith * share
    cloud = canvas.noise[np.ix_(_mirrored(small_h), _mirrored(small_w))]
    cloud = np.clip(cv2.blur(cloud, (17, 5)) * 2.2, 0, 1)[..., None] * 0.6
    sky = sky * (1 - cloud) + (light.horizon * 0.6 + 0.36) * light_level(light) * cloud
    picture = np.clip(sky * 255, 0, 255).astype(np.uint8)
    big = cv2.resize(picture, (small_w * 4, small_h * 4))
    canvas.image[:] = big[:height, :width]
    canvas.codes[:] = STREET_IDS["sky"]


def _mirrored(length: int) -> np.ndarray:
    """Returns places in the tile of noise [length]; beyond its end they run back."""
    along = np.arange(length) % (2 * NOISE_SIDE)
    return np.minimum(along, 2 * NOISE_SIDE - 1 - along)


def light_level(light: Light) -> np.ndarray:
    """Returns the light [3] on a flat patch of ground."""
    return light.ambient + light.sun * max(float(light.towards_sun[2]), 0.0)


def paint_ground(canvas: Canvas, camera: Camera, light: Light, ground: Ground) -> None:
    """Paints all that lies on the ground plane below the horizon."""
    # Only where the masks are sampled; the image between is interpolated.
    sampled = np.s_[::SUPERSAMPLING, ::SUPERSAMPLING]
    image = canvas.image[sampled].copy()
    codes_at = canvas.codes[sampled].copy()
    rows, cols = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    rays = camera.rays(cols * SUPERSAMPLING, rows * SUPERSAMPLING)
    fall = -rays[..., 2]
    ahead = float(camera.position[2]) / np.maximum(fall, 1e-5)
    seen = (fall > 0) & (ahead < _FARTHEST_M)
    ahead, rays = ahead[seen], rays[seen]
    x = np.float32(camera.position[0]) + ahead * rays[:, 0]
    y = np.float32(camera.position[1]) + ahead * rays[:, 1]
    along, across = ground.locate(x, y)
    colours, codes = _materials(ground, along, across, canvas.noise, ahead)
    colours = colours * light_level(light)
    if ground.wet:
        wet = ground.wet * np.clip(1 - fall[seen] * 2, 0, 1)[:, None]
        wet = wet * (codes == STREET_IDS["road"])[:, None]
        colours = colours * (1 - wet) + wet * light.horizon
    haze = np.clip(ahead / _FARTHEST_M, 0, 1)[:, None]
    colours = colours * (1 - haze) + 0.8 * haze * light.horizon
    image[seen] = np.clip(colours * 255, 0, 255).astype(np.uint8)
    codes_at[seen] = codes
    height, width = canvas.size
    shrink = np.array([[1 / SUPERSAMPLING, 0, 0], [0, 1 / SUPERSAMPLING, 0]])
    canvas.image[:] = cv2.warpAffine(
        image,
        shrink,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    canvas.codes[:] = np.repeat(
        np.repeat(codes_at, SUPERSAMPLING, axis=0), SUPERSAMPLING, axis=1
    )


def _materials(
    ground: Ground,
    along: np.ndarray,
    across: np.ndarray,
    noise: np.ndarray,
    ahead: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    out = np.abs(across) - ground.half_width
    road, paved = out < 0, (out >= 0) & (out < ground.sidewalk)
    codes = np.where(road, STREET_IDS["road"], STREET_IDS["terrain"]).astype(np.uint8)
    codes[paved] = STREET_IDS["sidewalk"]
    palette = np.zeros((max(STREET_IDS.values()) + 1, 3), np.float32)
    palette[STREET_IDS["road"]] = ground.road_rgb
    palette[STREET_IDS["sidewalk"]] = ground.sidewalk_rgb
    palette[STREET_IDS["terrain"]] = ground.terrain_rgb
    coarse = noise[
        (along * 9).astype(int) % NOISE_SIDE, (across * 9).astype(int) % NOISE_SIDE
    ]
    fine = noise[
        (along * 90).astype(int) % NOISE_SIDE, (across * 90).astype(int) % NOISE_SIDE
    ]
    near = np.clip(6 / ahead, 0, 1)
    rough = np.full(len(palette), 0.35, np.float32)
    rough[STREET_IDS["road"]], rough[STREET_IDS["terrain"]] = 0.6, 1.5
    level = 1 + 0.06 * coarse + 0.2 * near * fine * rough[codes]
    joint = paved & (((along % 1.0) < 0.03) | ((across % 0.8) < 0.03))
    level = level * np.where(joint & (ahead < 25), 0.75, 1)
    kerb = np.abs(out - 0.07) < 0.09
    level = level * np.where(kerb, 1.15, 1)
    colours = palette[codes] * level[:, None]
    marks = _marks(ground, along, across) & (fine > -0.9) & road
    colours[marks] = ground.mark_rgb.astype(np.float32) * level[marks, None]
    return colours, codes


def _marks(ground: Ground, along: np.ndarray, across: np.ndarray) -> np.ndarray:
    if ground.is_lot:
        # Bays across the direction of the lot, the main car in the middle of one.
        lines = (along + 1.4) % 2.7 < 0.1
        return lines & (np.abs(across - ground.offset) < 2.6)
    dashed = (np.abs(across) < 0.08) & (along % 6 < 3)
    edge = np.abs(np.abs(across) - ground.half_width + 0.35) < 0.06
    return dashed | edge
