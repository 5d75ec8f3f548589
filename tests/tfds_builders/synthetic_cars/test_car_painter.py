import numpy as np
import pytest

from tfds_builders.synthetic_cars.brush import Brush
from tfds_builders.synthetic_cars.camera import look_at
from tfds_builders.synthetic_cars.canvas import Canvas
from tfds_builders.synthetic_cars.car_painter import paint_car
from tfds_builders.synthetic_cars.car_shape import sample_shape
from tfds_builders.synthetic_cars.light import sample_light
from tfds_builders.synthetic_cars.taxonomy import DAMAGE_IDS, PART_IDS, STREET_IDS
from tfds_builders.synthetic_cars.traffic import sample_car

HEIGHT_PX, WIDTH_PX = 240, 320


def _painted(azimuth_degrees, *, seed=3, damage_share=0.0):
    rng = np.random.default_rng(seed)
    light = sample_light(rng)
    car = sample_car(rng, light, x=0.0, y=0.0, yaw=0.0, damage_share=damage_share)
    azimuth = np.radians(azimuth_degrees)
    camera = look_at(
        np.array([7 * np.cos(azimuth), 7 * np.sin(azimuth), 1.5]),
        np.array([0.0, 0.0, 0.7]),
        roll=0.0,
        focal_px=330.0,
        centre_px=(WIDTH_PX / 2, HEIGHT_PX / 2),
    )
    canvas = Canvas(HEIGHT_PX, WIDTH_PX, rng)
    canvas.image[:] = 120
    brush = Brush(canvas=canvas, camera=camera, light=light, rng=rng)
    code = paint_car(brush, car)
    return canvas, code


def _column(canvas, part):
    cols = np.nonzero(canvas.parts == PART_IDS[part])[1]
    return cols.mean() if len(cols) else None


def _seen(canvas):
    return {name for name, i in PART_IDS.items() if (canvas.parts == i).any()}


@pytest.mark.parametrize("seed", range(6))
def test_from_the_left_the_nose_points_left_and_only_left_doors_show(seed):
    canvas, _ = _painted(90, seed=seed)
    assert _column(canvas, "left_fender") < _column(canvas, "left_quarter_panel")
    assert "left_front_door" in _seen(canvas)
    assert not {n for n in _seen(canvas) if n.startswith("right") and "door" in n}


@pytest.mark.parametrize("seed", range(6))
def test_from_the_right_the_nose_points_right_and_only_right_doors_show(seed):
    canvas, _ = _painted(-90, seed=seed)
    assert _column(canvas, "right_fender") > _column(canvas, "right_quarter_panel")
    assert "right_front_door" in _seen(canvas)
    assert not {n for n in _seen(canvas) if n.startswith("left") and "door" in n}


def test_from_ahead_the_left_headlight_is_to_the_right():
    canvas, _ = _painted(0)
    assert _column(canvas, "left_headlight") > _column(canvas, "right_headlight")
    assert {"hood", "grille", "windscreen", "front_bumper", "wheel"} <= _seen(canvas)
    assert not {"trunk_lid", "rear_window", "left_tail_light"} & _seen(canvas)


def test_from_behind_the_left_tail_light_is_to_the_left():
    canvas, _ = _painted(180)
    assert _column(canvas, "left_tail_light") < _column(canvas, "right_tail_light")
    assert {"trunk_lid", "rear_window", "rear_bumper", "wheel"} <= _seen(canvas)
    assert not {"hood", "windscreen", "left_headlight"} & _seen(canvas)


def test_opposite_sides_of_one_car_are_mirror_images():
    left, _ = _painted(90)
    right, _ = _painted(-90)
    doors_left = left.parts == PART_IDS["left_front_door"]
    doors_right = right.parts[:, ::-1] == PART_IDS["right_front_door"]
    # The picture's middle lies between two columns: one column of shift.
    doors_right = np.roll(doors_right, 1, axis=1)
    both = (doors_left & doors_right).sum() / (doors_left | doors_right).sum()
    assert both > 0.97


def test_a_car_is_one_object_that_fills_its_parts_without_a_hole():
    canvas, code = _painted(50)
    np.testing.assert_array_equal(canvas.parts > 0, canvas.codes == code)
    assert canvas.street_of_code[code] == STREET_IDS["car"]
    outside = canvas.codes != code
    assert (canvas.image[outside] == 120).all()


def test_damage_lies_on_the_car_and_changes_its_pixels():
    whole, _ = _painted(50, seed=8)
    hurt, code = _painted(50, seed=8, damage_share=1.0)
    marked = hurt.marks > 0
    assert marked.any()
    assert (hurt.codes[marked] == code).all()
    changed = (whole.image != hurt.image).any(axis=-1)
    assert changed[marked].mean() > 0.8
    assert not (changed & ~marked).any()


def test_dents_and_scratches_keep_to_painted_panels():
    glass = [PART_IDS[n] for n in ("windscreen", "left_window", "rear_window", "wheel")]
    for seed in range(12):
        canvas, _ = _painted(60, seed=seed, damage_share=1.0)
        for number, mark in canvas.mark_of_number.items():
            if mark.class_id in (DAMAGE_IDS["dent"], DAMAGE_IDS["scratch"]):
                parts = canvas.parts[canvas.marks == number]
                assert not np.isin(parts, glass).any()


def test_a_car_out_of_the_frame_paints_nothing():
    canvas, _ = _painted(90)
    before = canvas.image.copy()
    rng = np.random.default_rng(0)
    light = sample_light(rng)
    camera = look_at(
        np.array([0.0, 7.0, 1.5]),
        np.array([0.0, 20.0, 1.5]),
        roll=0.0,
        focal_px=330.0,
        centre_px=(WIDTH_PX / 2, HEIGHT_PX / 2),
    )
    car = sample_car(rng, light, x=0.0, y=0.0, yaw=0.0)
    brush = Brush(canvas=canvas, camera=camera, light=light, rng=rng)
    assert paint_car(brush, car) is None
    np.testing.assert_array_equal(canvas.image, before)


def test_shapes_are_possible_cars():
    for seed in range(50):
        shape = sample_shape(np.random.default_rng(seed))
        line = shape.roof_line()
        assert (np.diff(line[:, 0]) <= 0).all(), "the roof line turns back"
        assert shape.rear_axle_x > shape.rear_x + shape.wheel_radius
        assert shape.front_axle_x < shape.front_x - shape.wheel_radius
        front, middle, rear = shape.door_x
        assert front > middle >= rear
