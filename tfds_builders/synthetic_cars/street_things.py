"""Things that stand in a street: each function paints one of them."""

from __future__ import annotations

import cv2
import numpy as np

from tfds_builders.synthetic_cars.boxes import Box, FaceRect, grid_rects, paint_box
from tfds_builders.synthetic_cars.brush import Brush
from tfds_builders.synthetic_cars.car_look import sample_paint
from tfds_builders.synthetic_cars.taxonomy import STREET_IDS

Place = tuple[float, float]


def _pane(grey: float) -> np.ndarray:
    return np.array([grey, grey + 0.02, grey + 0.06])


def paint_building(brush: Brush, box: Box) -> None:
    """A house: walls in any colour, cars' colours too, windows and a ground floor."""
    if brush.camera.outside(box.points(), brush.canvas.size):
        return
    brick = np.array([0.55, 0.36, 0.28]) * brush.rng.uniform(0.7, 1.3)
    plaster = np.array([0.75, 0.7, 0.6]) * brush.rng.uniform(0.6, 1.2)
    wall = [brick, plaster, sample_paint(brush.rng)][
        int(brush.rng.choice(3, p=[0.3, 0.3, 0.4]))
    ]
    night = brush.light.kind in ("night", "dusk")
    panes = [_pane(brush.rng.uniform(0.08, 0.5)) for _ in range(5)]
    if night:
        panes[0] = np.array([1.6, 1.3, 0.7])
    floors = max(1, int((box.high - 3) / 3))
    door = sample_paint(brush.rng)
    sides: list[list[FaceRect]] = []
    for a, b in zip(box.corners, np.roll(box.corners, -1, axis=0), strict=True):
        bays = max(2, int(np.hypot(*(b - a)) / brush.rng.uniform(2.2, 3.5)))
        start = 3 / box.high
        rects = grid_rects(bays, floors, panes, fill=(0.5, 0.55), band=(start, 1.0))
        if brush.rng.random() < 0.6:
            shop = [panes[1], door, panes[2]]
            rects += grid_rects(
                max(1, bays // 2), 1, shop, fill=(0.8, 0.75), band=(0.0, start)
            )
        sides.append(rects)
    code = STREET_IDS["building"]
    paint_box(brush, box, wall, code, face_rects=sides)


def paint_wall(brush: Brush, box: Box) -> None:
    """A garden wall or a fence of boards."""
    colour = (
        sample_paint(brush.rng)
        if brush.rng.random() < 0.5
        else np.array([0.5, 0.45, 0.4])
    )
    boards = grid_rects(
        int(brush.rng.integers(8, 30)), 1, [colour * 0.8], fill=(0.5, 0.96)
    )
    paint_box(brush, box, colour, STREET_IDS["wall"], face_rects=[boards] * 4)


def sample_obstacle_size(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draws length, width and height of a bin, a box, a skip or a barrier."""
    sizes = ((0.7, 0.7, 1.1), (1.6, 1.2, 1.3), (3.6, 1.8, 1.5), (2.2, 0.35, 0.9))
    length, width, height = sizes[int(rng.choice(4, p=[0.3, 0.25, 0.2, 0.25]))]
    return length, width, height * rng.uniform(0.8, 1.2)


def paint_obstacle(
    brush: Brush,
    place: Place,
    yaw: float,
    size: tuple[float, float, float],
) -> None:
    """A bin, a box, a skip or a barrier, in car colours."""
    length, width, height = size
    box = Box(place=place, yaw=yaw, size=(length, width), low=0.0, high=height)
    rgb = sample_paint(brush.rng)
    faces: list[FaceRect] = grid_rects(
        int(brush.rng.integers(2, 7)), 1, [rgb * 0.75], fill=(0.5, 1.0), band=(0.1, 0.8)
    )
    faces.append((0.0, 1.0, 0.84, 1.0, rgb * 0.6))
    code = STREET_IDS["obstacle"]
    paint_box(brush, box, rgb, code, face_rects=[faces] * 4)


def paint_plant(
    brush: Brush,
    place: Place,
    *,
    is_tree: bool,
) -> None:
    """A tree with its trunk, or a bush."""
    foot, depth = brush.camera.project(np.array([*place, 0.0]))
    if depth < 1.0:
        return
    scale = brush.camera.focal_px / depth
    height = brush.rng.uniform(4, 8) if is_tree else brush.rng.uniform(0.7, 1.6)
    reach = (
        brush.rng.uniform(1.3, 2.6) if is_tree else brush.rng.uniform(0.6, 1.5)
    ) * scale
    level = brush.light.ambient + 0.5 * brush.light.sun
    if is_tree:
        half = 0.13 * scale
        top = foot[1] - 0.7 * height * scale
        trunk = [(-half, foot[1]), (half, foot[1]), (0.6 * half, top), (-half, top)]
        outline = np.array([(foot[0] + x, y) for x, y in trunk])
        brush.canvas.fill(
            outline, np.array([0.26, 0.2, 0.15]) * level, STREET_IDS["vegetation"]
        )
    middle = foot[1] - (height * 0.8 if is_tree else 0.45 * height) * scale
    spots = brush.rng.normal(0, 0.33, (18, 2)) * reach
    sizes = np.maximum(reach * brush.rng.uniform(0.2, 0.42, 18), 1)
    green = np.array([0.24, 0.4, 0.14]) * brush.rng.uniform(0.6, 1.3, 3) * level
    low = np.floor([foot[0] - 1.6 * reach, middle - 1.6 * reach]).clip(min=0)
    bottom = middle + 1.6 * reach if is_tree else foot[1]
    high = np.ceil([foot[0] + 1.6 * reach, bottom]).clip(max=brush.canvas.size[::-1])
    if (high <= low).any():
        return
    width, tall = (high - low).astype(int)
    leaf = np.zeros((tall, width), np.float32)
    for (dx, dy), size in zip(spots, sizes, strict=True):
        spot = (int(foot[0] + dx - low[0]), int(middle + 0.8 * dy - low[1]))
        shade = float(np.clip(0.75 - 0.5 * dy / (reach + 1), 0.2, 1.4))
        cv2.circle(leaf, spot, int(size), shade, -1)
    colours = leaf[..., None] * green.astype(np.float32)
    brush.canvas.fill_rough(
        leaf, int(low[0]), int(low[1]), colours, STREET_IDS["vegetation"]
    )


def paint_pole(
    brush: Brush,
    place: Place,
    *,
    has_sign: bool,
) -> None:
    """A pole, with a traffic sign or a lamp's arm."""
    half = brush.rng.uniform(0.04, 0.1)
    height = brush.rng.uniform(2.3, 3.2) if has_sign else brush.rng.uniform(4, 8)
    foot, depth = brush.camera.project(np.array([*place, 0.0]))
    top, _ = brush.camera.project(np.array([*place, height]))
    if depth < 0.8:
        return
    wide = max(half * brush.camera.focal_px / depth, 1.0)
    level = brush.light.ambient + 0.5 * brush.light.sun
    rgb = np.full(3, brush.rng.uniform(0.15, 0.6)) * level
    aside = np.array([wide, 0.0])
    quad = np.array([foot + aside, foot - aside, top - aside, top + aside])
    brush.canvas.fill(quad, rgb, STREET_IDS["pole"])
    if not has_sign:
        return
    size = 0.35 * brush.camera.focal_px / depth
    corners = int(brush.rng.choice([3, 4, 8, 20]))
    around = np.linspace(0, 2 * np.pi, corners, endpoint=False) + np.pi / 4
    ring = np.stack([np.cos(around), np.sin(around)], axis=1)
    face = np.array([[0.75, 0.08, 0.08], [0.1, 0.25, 0.65], [0.9, 0.75, 0.1]])
    chosen = face[int(brush.rng.integers(3))] * level
    brush.canvas.fill(top + ring * size, chosen, STREET_IDS["traffic_sign"])
    inner = np.full(3, 0.85) * level
    brush.canvas.fill(top + ring * size * 0.65, inner, STREET_IDS["traffic_sign"])


def paint_person(brush: Brush, place: Place) -> None:
    """A standing or walking person, as a silhouette in clothes."""
    foot, depth = brush.camera.project(np.array([*place, 0.0]))
    if depth < 1.0:
        return
    code = brush.canvas.new_object("person")
    unit = brush.rng.uniform(1.55, 1.9) * brush.camera.focal_px / depth
    level = brush.light.ambient + 0.5 * brush.light.sun
    coat, legs = sample_paint(brush.rng) * level, sample_paint(brush.rng) * 0.6 * level
    skin = np.array([0.75, 0.56, 0.44]) * brush.rng.uniform(0.4, 1.1) * level
    stride = brush.rng.uniform(0.02, 0.13)
    shapes: list[tuple[list[tuple[float, float]], np.ndarray]] = [
        ([(-0.07, 0.5), (0.02, 0.5), (-stride + 0.05, 0), (-stride - 0.05, 0)], legs),
        ([(-0.02, 0.5), (0.07, 0.5), (stride + 0.05, 0), (stride - 0.04, 0)], legs),
        ([(-0.1, 0.82), (0.1, 0.82), (0.12, 0.5), (-0.12, 0.5)], coat),
        ([(-0.1, 0.82), (-0.13, 0.78), (-0.17, 0.46), (-0.12, 0.46)], coat * 0.85),
        ([(0.1, 0.82), (0.13, 0.78), (0.17, 0.46), (0.12, 0.46)], coat * 0.85),
    ]
    for outline, rgb in shapes:
        brush.canvas.fill(foot + np.array(outline) * [unit, -unit], rgb, code)
    around = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    head = np.stack([0.055 * np.cos(around), 0.91 + 0.075 * np.sin(around)], axis=1)
    brush.canvas.fill(foot + head * [unit, -unit], skin, code)
