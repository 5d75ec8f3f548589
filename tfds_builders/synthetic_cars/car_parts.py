"""Which part, of which material, each visible point of a car's body is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars import car_mesh
from tfds_builders.synthetic_cars.car_mesh import Mesh
from tfds_builders.synthetic_cars.car_shape import CarShape
from tfds_builders.synthetic_cars.g_buffer import Surface
from tfds_builders.synthetic_cars.taxonomy import PART_IDS

(PAINT, GLASS, PLASTIC, CHROME, LAMP, RED_LAMP, PLATE, GRILLE, HOLE, TYRE, RIM) = range(
    11
)


@dataclass(frozen=True, kw_only=True)
class Skin:
    """Labels of the n visible pixels of a body.

    Attributes:
        parts: Class id of task `parts`, [n].
        materials: One of this module's materials, [n].
    """

    parts: np.ndarray
    materials: np.ndarray


def label_surface(shape: CarShape, mesh: Mesh, surface: Surface) -> Skin:
    """Draws the parts on the zones of a visible surface."""
    parts = np.full(len(surface.zones), PART_IDS["body"], np.uint8)
    materials = np.full(len(surface.zones), PAINT, np.uint8)
    painters = {
        car_mesh.LOWER_SIDE: _lower_side,
        car_mesh.UPPER_SIDE: _upper_side,
        car_mesh.TOP: _top,
        car_mesh.NOSE: _nose,
        car_mesh.TAIL: _tail,
        car_mesh.LEFT_MIRROR: _mirror,
        car_mesh.RIGHT_MIRROR: _mirror,
    }
    for zone, paint in painters.items():
        at = np.flatnonzero(surface.zones == zone)
        if not len(at):
            continue
        label = _Labels(points=surface.points[at], gutter=mesh.gutter)
        paint(shape, label)
        parts[at], materials[at] = label.parts, label.materials
    return Skin(parts=parts, materials=materials)


class _Labels:
    """The points of one zone while its parts are put on, later ones on top."""

    def __init__(self, *, points: np.ndarray, gutter: np.ndarray) -> None:
        self.x, self.y, self.z = points.T
        self.left = self.y > 0
        self.gutter = gutter
        self.parts = np.full(len(points), PART_IDS["body"], np.uint8)
        self.materials = np.full(len(points), PAINT, np.uint8)

    def put(self, where: np.ndarray, part: str, material: int = PAINT) -> None:
        """Labels `where` as `part`; a name with * gets the point's own side."""
        if "*" in part:
            left, right = (PART_IDS[part.replace("*", s)] for s in ("left", "right"))
            self.parts[where] = np.where(self.left[where], left, right)
        else:
            self.parts[where] = PART_IDS[part]
        self.materials[where] = material

    def edge(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns height and half width of the windows' upper edge at each point."""
        x, z, y = self.gutter.T
        return np.interp(self.x, x, z), np.interp(self.x, x, y)


def _lower_side(shape: CarShape, label: _Labels) -> None:
    x, z = label.x, label.z
    front, middle, rear = shape.door_x
    sill = shape.clearance + 0.1
    label.put(x >= front, "*_fender")
    label.put((x < front) & (x >= middle), "*_front_door")
    label.put((x < middle) & (x >= rear), "*_rear_door")
    label.put(x < rear, "*_quarter_panel")
    between = (x < shape.front_axle_x) & (x > shape.rear_axle_x)
    plastic = PLASTIC if shape.cladding else PAINT
    label.put(between & (z < sill), "body", plastic)
    _bumper_ends(shape, label)
    _lamp_ends(shape, label)
    _handles(shape, label)
    for axle in (shape.front_axle_x, shape.rear_axle_x):
        away = np.hypot(x - axle, z - shape.wheel_radius)
        if shape.cladding:
            label.put(away < shape.arch_radius + 0.07, "body", PLASTIC)
        label.put(away < shape.arch_radius, "body", HOLE)


def _bumper_ends(shape: CarShape, label: _Labels) -> None:
    x, z = label.x, label.z
    bumper_z = _bumper_top(shape)
    low = z < bumper_z
    label.put(low & (x > shape.front_axle_x + shape.wheel_radius), "front_bumper")
    label.put(low & (x < shape.rear_axle_x - shape.wheel_radius), "rear_bumper")


def _lamp_ends(shape: CarShape, label: _Labels) -> None:
    x, z = label.x, label.z
    low, high = _headlight_z(shape)
    reach = shape.front_x - shape.bow - 0.28 - 0.18 * shape.light_style
    slope = 0.25 * (shape.front_x - x)
    label.put((x > reach) & (z > low + slope) & (z < high + 0.1), "*_headlight", LAMP)
    low, high = _tail_light_z(shape)
    reach = shape.rear_x + shape.bow + 0.18 + 0.12 * shape.light_style
    label.put((x < reach) & (z > low) & (z < high), "*_tail_light", RED_LAMP)


def _handles(shape: CarShape, label: _Labels) -> None:
    front, middle, rear = shape.door_x
    belt = shape.belt_z(label.x)
    behind = [middle + 0.2] + ([rear + 0.22] if rear < middle else [])
    for x in behind:
        on = ((label.x - x) / 0.1) ** 2 + ((label.z - belt + 0.12) / 0.025) ** 2 < 1
        label.materials[on] = CHROME
    rub = np.abs(label.z - shape.clearance - 0.22) < 0.02
    rub &= (label.x < front) & (label.x > shape.rear_axle_x + shape.arch_radius)
    label.materials[rub & shape.cladding] = PLASTIC


def _upper_side(shape: CarShape, label: _Labels) -> None:
    x, z = label.x, label.z
    front, middle, rear = shape.door_x
    gutter_z, _ = label.edge()
    label.put(x >= shape.cowl_x - 0.02, "*_fender")
    label.put(x < rear - 0.3, "*_quarter_panel")
    glass = (gutter_z - z > 0.045) & (z - shape.belt_z(x) > 0.03)
    ends = {"sedan": -0.28, "coupe": -0.5, "hatchback": -0.12, "pickup": 0.12}
    last = rear + ends.get(shape.kind, 0.0)
    if shape.kind in ("wagon", "suv", "van"):
        last = shape.rear_x + 0.55
    # The last window's rear edge leans forward, as its pillar does.
    last_at = last + 0.5 * (z - shape.belt_z(x))
    glass &= x > last_at
    frame = glass | ((gutter_z - z > 0.025) & (x < front + 0.3) & (x > last_at - 0.04))
    label.put(frame, "body", PLASTIC)
    label.put(glass, "*_window", GLASS)
    pillars = [middle] + ([rear - 0.02] if last < rear - 0.3 else [])
    for pillar in pillars:
        label.put(glass & (np.abs(x - pillar) < 0.045), "body", PLASTIC)


def _top(shape: CarShape, label: _Labels) -> None:
    x, z, across = label.x, label.z, np.abs(label.y)
    _, half = label.edge()
    label.put(x >= shape.cowl_x - 0.05, "*_fender")
    label.put((x >= shape.cowl_x - 0.02) & (across < half - 0.1), "hood")
    # Heights without the crown; the bent tail of a van reaches ahead of its roof line.
    flat_z = z + 0.07 * np.minimum(across / half, 1) ** 3
    behind = (x < shape.roof_rear_x + 0.3) & (flat_z < shape.height - 0.09)
    label.put((x < shape.roof_front_x + 0.08) & ~behind, "roof")
    on = (x < shape.cowl_x - 0.05) & (x > shape.roof_front_x + 0.08)
    label.put(on & (across < half - 0.075), "windscreen", GLASS)
    label.put(behind, "*_quarter_panel")
    # From the height, not from x: the rear window of a van stands almost upright.
    pane = shape.half_width(x) - 0.11 - shape.tumble * (z - shape.belt_z(x))
    glass = behind & (z > shape.deck_z + 0.035) & (flat_z < shape.height - 0.12)
    label.put(glass & (across < pane), "rear_window", GLASS)
    deck = behind & (z <= shape.deck_z + 0.02) & (across < half - 0.09)
    label.put(deck, "trunk_lid", PLASTIC if shape.kind == "pickup" else PAINT)


def _nose(shape: CarShape, label: _Labels) -> None:
    z = label.z
    across = np.abs(label.y) / (shape.width / 2)
    low, high = _headlight_z(shape)
    bumper = _bumper_top(shape)
    label.put(z >= bumper, "hood")
    label.put(z < high, "front_bumper")
    inner = 0.52 + 0.12 * shape.light_style
    middle = (across < inner - 0.04) & (z > low - 0.1) & (z < high - 0.01)
    label.put(middle, "grille", GRILLE)
    intake = (across < 0.6) & (z > shape.clearance + 0.06) & (z < low - 0.24)
    label.put(intake, "grille", GRILLE)
    fog = np.hypot((across - 0.74) * shape.width / 2, z - low + 0.24) < 0.06
    label.materials[fog] = LAMP
    badge = np.hypot(label.y, (z - (high + low) / 2 + 0.02)) < 0.05
    label.materials[badge & middle] = CHROME
    lamp = (across > inner) & (z > low + 0.06 * (across - 0.5)) & (z < high)
    label.put(lamp, "*_headlight", LAMP)
    plate_z = low - 0.16
    plate = (np.abs(label.y) < 0.26) & (np.abs(z - plate_z) < 0.06)
    label.put(plate, "licence_plate", PLATE)
    label.materials[z < shape.clearance + 0.09] = PLASTIC


def _tail(shape: CarShape, label: _Labels) -> None:
    z = label.z
    across = np.abs(label.y) / (shape.width / 2)
    low, high = _tail_light_z(shape)
    bumper = _bumper_top(shape)
    label.put(z >= bumper, "trunk_lid")
    label.put((z >= bumper) & (across > 0.84), "*_quarter_panel")
    label.put(z < bumper, "rear_bumper")
    lamp = (across > 0.62 + 0.12 * shape.light_style) & (z > low) & (z < high)
    label.put(lamp, "*_tail_light", RED_LAMP)
    plate_z = bumper + 0.11
    plate = (np.abs(label.y) < 0.26) & (np.abs(z - plate_z) < 0.06)
    label.put(plate, "licence_plate", PLATE)
    badge = np.hypot(label.y, z - high + 0.02) < 0.045
    label.materials[badge & (z > bumper)] = CHROME
    label.materials[z < shape.clearance + 0.2] = PLASTIC


def _mirror(shape: CarShape, label: _Labels) -> None:
    everywhere = np.ones(len(label.x), bool)
    label.put(everywhere, "*_mirror")
    glass_x = shape.door_x[0] - 0.18 - 0.045
    label.materials[label.x < glass_x] = CHROME


def _bumper_top(shape: CarShape) -> float:
    return shape.clearance + 0.36


def _headlight_z(shape: CarShape) -> tuple[float, float]:
    high = shape.nose_z - 0.06
    return high - 0.13 - 0.05 * shape.light_style, high


def _tail_light_z(shape: CarShape) -> tuple[float, float]:
    high = shape.tail_z - 0.12
    tall = 0.34 if shape.kind in ("van", "suv", "pickup", "hatchback") else 0.17
    return max(high - tall, _bumper_top(shape) + 0.05), high
