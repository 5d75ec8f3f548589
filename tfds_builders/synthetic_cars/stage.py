"""One scene while it is set: who paints, and what is to be painted how far away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars.brush import Brush
from tfds_builders.synthetic_cars.ground import Ground

# Half of what a car shows from an average side, and how much of it may be hidden by
# something that stands right before it.
_CAR_REACH_M = 1.8
_SLIM_SHARE = 0.35


@dataclass(frozen=True, kw_only=True)
class Stage(Brush):
    """A brush and the ground that the things stand on."""

    ground: Ground

    def distance(self, place: tuple[float, float]) -> float:
        """Returns the metres from the camera to a place, over the ground."""
        return float(np.hypot(*(self.camera.position[:2] - place)))


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something to paint at a distance from the camera.

    Attributes:
        place: Where it stands, (x, y).
        distance: Metres from the camera; the farthest is painted first.
        reach: Half its width in metres, to keep it from hiding the main car.
        paint: Paints it.
        footprint: Its outline on the ground for its shadow, [n, 3], if it has one.
        body: Its points for its cast shadow, [n, 3], if it casts one.
    """

    place: tuple[float, float]
    distance: float
    reach: float
    paint: Callable[[], object]
    footprint: np.ndarray | None = None
    body: np.ndarray | None = None


def leaves_view(stage: Stage, thing: Thing) -> bool:
    """Says whether the main car, at the origin, stays recognisable behind `thing`."""
    away = stage.distance((0.0, 0.0))
    if thing.distance >= away:
        return True
    towards = -stage.camera.position[:2]
    to_thing = np.asarray(thing.place) + towards
    cosine = towards @ to_thing / (away * max(thing.distance, 0.1))
    angle = float(np.arccos(np.clip(cosine, -1, 1)))
    wide, own = thing.reach / max(thing.distance, 0.1), _CAR_REACH_M / away
    slim = wide < _SLIM_SHARE * own
    return slim or angle > wide + 0.45 * own
