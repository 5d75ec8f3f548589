"""The measures of a car and the curves of its body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KINDS = ("sedan", "hatchback", "wagon", "suv", "van", "pickup", "coupe")
_WEIGHTS = (0.22, 0.22, 0.14, 0.2, 0.08, 0.06, 0.08)

# Metres. From the front bumper backwards: base of the windscreen, front edge of the
# roof, rear edge of the roof, base of the rear window. Heights: cowl, deck, tail.
_MEASURES: dict[str, dict[str, float]] = {
    "sedan": dict(length=4.65, width=1.84, height=1.45, wheelbase=2.75, cowl=1.3,
                  roof_front=2.1, roof_rear=3.3, glass_base=4.02, nose_z=0.68,
                  cowl_z=0.96, deck_z=1.06, tail_z=1.02, clearance=0.2, wheel=0.33),
    "hatchback": dict(length=4.1, width=1.78, height=1.48, wheelbase=2.56, cowl=1.1,
                      roof_front=1.85, roof_rear=3.5, glass_base=3.92, nose_z=0.7,
                      cowl_z=0.99, deck_z=1.04, tail_z=0.98, clearance=0.2,
                      wheel=0.32),
    "wagon": dict(length=4.7, width=1.84, height=1.49, wheelbase=2.75, cowl=1.3,
                  roof_front=2.1, roof_rear=4.15, glass_base=4.55, nose_z=0.68,
                  cowl_z=0.97, deck_z=1.04, tail_z=0.98, clearance=0.2, wheel=0.33),
    "suv": dict(length=4.55, width=1.89, height=1.7, wheelbase=2.7, cowl=1.22,
                roof_front=1.95, roof_rear=3.98, glass_base=4.36, nose_z=0.86,
                cowl_z=1.12, deck_z=1.2, tail_z=1.12, clearance=0.26, wheel=0.37),
    "van": dict(length=4.85, width=1.95, height=1.92, wheelbase=3.0, cowl=0.85,
                roof_front=1.75, roof_rear=4.55, glass_base=4.72, nose_z=0.84,
                cowl_z=1.14, deck_z=1.18, tail_z=1.1, clearance=0.24, wheel=0.34),
    "pickup": dict(length=5.25, width=1.92, height=1.8, wheelbase=3.2, cowl=1.35,
                   roof_front=2.0, roof_rear=3.2, glass_base=3.42, nose_z=0.94,
                   cowl_z=1.16, deck_z=1.18, tail_z=1.16, clearance=0.3, wheel=0.39),
    "coupe": dict(length=4.4, width=1.84, height=1.34, wheelbase=2.6, cowl=1.4,
                  roof_front=2.15, roof_rear=2.95, glass_base=3.9, nose_z=0.6,
                  cowl_z=0.9, deck_z=0.98, tail_z=0.94, clearance=0.17, wheel=0.34),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CarShape:
    """Measures in metres; x forward from the middle, y to the left, z up.

    Attributes:
        kind: One of `KINDS`.
        length: Bumper to bumper.
        width: Widest point, without mirrors.
        height: Ground to roof.
        front_axle_x: Where the front wheels stand.
        rear_axle_x: Where the rear wheels stand.
        wheel_radius: Tyre's outer radius.
        clearance: Ground to sill.
        cowl_x: Base of the windscreen.
        roof_front_x: Front edge of the roof.
        roof_rear_x: Rear edge of the roof.
        glass_base_x: Base of the rear window.
        nose_z: Height of the hood's front edge.
        cowl_z: Height of the windscreen's base.
        deck_z: Height of the rear window's base.
        tail_z: Height of the body at its rear end.
        tumble: How far the windows lean in, metres per metre.
        bow: How far the bumpers' corners are drawn back.
        wheel_spokes: Spokes of a rim.
        cladding: Dark plastic around wheels and sills.
        light_style: 0..1, moves the shape of the lights.
    """

    kind: str
    length: float
    width: float
    height: float
    front_axle_x: float
    rear_axle_x: float
    wheel_radius: float
    clearance: float
    cowl_x: float
    roof_front_x: float
    roof_rear_x: float
    glass_base_x: float
    nose_z: float
    cowl_z: float
    deck_z: float
    tail_z: float
    tumble: float
    bow: float
    wheel_spokes: int
    cladding: bool
    light_style: float

    @property
    def front_x(self) -> float:
        """Front end."""
        return self.length / 2

    @property
    def rear_x(self) -> float:
        """Rear end."""
        return -self.length / 2

    @property
    def door_x(self) -> tuple[float, float, float]:
        """Front edge of the front door, edge between the doors, rear edge."""
        front = min(self.cowl_x - 0.12, self.front_axle_x - self.wheel_radius - 0.14)
        if self.kind == "coupe":
            return front, front - 1.35, front - 1.35
        rear = self.rear_axle_x + 0.12
        if self.kind == "pickup":
            rear = self.glass_base_x - 0.02
        return front, front - 0.54 * (front - rear), rear

    @property
    def arch_radius(self) -> float:
        """Radius of the openings around the wheels."""
        return self.wheel_radius + 0.055

    def roof_line(self) -> np.ndarray:
        """Returns the smooth outline of the middle from nose to tail, [n, 2] (x, z)."""
        nose, tail = self.front_x, self.rear_x
        roof_mid = (self.roof_front_x + self.roof_rear_x) / 2
        corners = np.array(
            [
                (nose, self.nose_z - 0.1),
                (nose - 0.05, self.nose_z - 0.01),
                (nose - 0.25, self.nose_z + 0.06),
                (self.cowl_x + 0.35, self.cowl_z - 0.05),
                (self.cowl_x, self.cowl_z),
                (self.roof_front_x, self.height - 0.06),
                (roof_mid, self.height),
                (self.roof_rear_x, self.height - 0.07),
                (self.glass_base_x, self.deck_z),
                (min(self.glass_base_x, tail + 0.12) - 0.02, self.tail_z + 0.02),
                (tail + 0.03, self.tail_z - 0.05),
                (tail, self.tail_z - 0.14),
            ]
        )
        corners[:, 0] = np.minimum.accumulate(corners[:, 0])
        return _rounded(corners, times=3)

    def belt_z(self, x: np.ndarray) -> np.ndarray:
        """Returns the height where the windows begin."""
        low, high = self.cowl_z - 0.05, self.deck_z - 0.03
        return np.interp(x, [self.glass_base_x, self.cowl_x], [high, low])

    def half_width(self, x: np.ndarray) -> np.ndarray:
        """Returns half the body's width from above."""
        towards_end = np.abs(x) / (self.length / 2)
        edge = np.clip((towards_end - 0.955) / 0.045, 0, 1)
        return self.width / 2 * (1 - 0.07 * towards_end**4 - 0.05 * edge**2)


def _rounded(corners: np.ndarray, *, times: int) -> np.ndarray:
    """Cuts every corner `times` times (Chaikin), ends fixed."""
    for _ in range(times):
        first = 0.75 * corners[:-1] + 0.25 * corners[1:]
        second = 0.25 * corners[:-1] + 0.75 * corners[1:]
        cut = np.stack([first, second], axis=1).reshape(-1, 2)
        corners = np.concatenate([corners[:1], cut[1:-1], corners[-1:]])
    return corners


def sample_shape(rng: np.random.Generator) -> CarShape:
    """Draws one car's measures: a kind, each measure a few per cent off."""
    kind = str(rng.choice(KINDS, p=_WEIGHTS))
    m = _MEASURES[kind]
    scale_x, scale_z = rng.uniform(0.95, 1.06), rng.uniform(0.96, 1.04)
    length = m["length"] * scale_x
    front = length / 2
    wheel = m["wheel"] * rng.uniform(0.97, 1.07)
    wheelbase = m["wheelbase"] * scale_x
    front_axle = front - 0.48 * (length - wheelbase) - 0.02
    return CarShape(
        kind=kind,
        length=length,
        width=m["width"] * rng.uniform(0.97, 1.03),
        height=m["height"] * scale_z,
        front_axle_x=front_axle,
        rear_axle_x=front_axle - wheelbase,
        wheel_radius=wheel,
        clearance=m["clearance"] * rng.uniform(0.9, 1.1),
        cowl_x=front - m["cowl"] * scale_x + rng.uniform(-0.06, 0.06),
        roof_front_x=front - m["roof_front"] * scale_x,
        roof_rear_x=front - m["roof_rear"] * scale_x + rng.uniform(-0.08, 0.08),
        glass_base_x=front - m["glass_base"] * scale_x,
        nose_z=m["nose_z"] * scale_z * rng.uniform(0.96, 1.06),
        cowl_z=m["cowl_z"] * scale_z,
        deck_z=m["deck_z"] * scale_z,
        tail_z=m["tail_z"] * scale_z,
        tumble=rng.uniform(0.2, 0.36) if kind != "van" else 0.14,
        bow=rng.uniform(0.16, 0.3),
        wheel_spokes=int(rng.integers(5, 11)),
        cladding=kind in ("suv", "pickup") and bool(rng.random() < 0.6),
        light_style=rng.random(),
    )
