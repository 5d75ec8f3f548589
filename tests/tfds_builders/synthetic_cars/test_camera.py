import numpy as np
import pytest

from tfds_builders.synthetic_cars.camera import look_at, view_name


def _camera(roll=0.0):
    return look_at(
        np.array([10.0, 0.0, 0.0]),
        np.zeros(3),
        roll=roll,
        focal_px=100.0,
        centre_px=(50.0, 40.0),
    )


def test_points_land_where_paper_says():
    # Looking along -x: +y lies to the right, +z above; 1 m at 10 m is 10 px.
    points = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    pixels, depth = _camera().project(points)
    np.testing.assert_allclose(pixels, [[50, 40], [60, 40], [50, 30]], atol=1e-9)
    np.testing.assert_allclose(depth, 10.0)


def test_a_ray_goes_back_through_its_pixel():
    camera = _camera(roll=0.3)
    ray = camera.rays(np.array([72.0]), np.array([11.0]))
    pixels, _ = camera.project(camera.position + 7.0 * ray)
    np.testing.assert_allclose(pixels, [[72, 11]], atol=1e-4)


def test_seen_from_an_object_the_picture_is_the_same():
    camera = _camera()
    yaw, x, y = 0.7, 2.0, -1.0
    own = np.array([0.4, 0.2, 0.9])
    turned = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    world = np.array([*(turned @ own[:2] + [x, y]), own[2]])
    pixels, depth = camera.project(world)
    own_pixels, own_depth = camera.seen_from(x, y, yaw).project(own)
    np.testing.assert_allclose(own_pixels, pixels)
    np.testing.assert_allclose(own_depth, depth)


@pytest.mark.parametrize(
    ("degrees", "name"),
    [
        (0, "front"),
        (40, "front_left"),
        (90, "left"),
        (130, "rear_left"),
        (180, "rear"),
        (-130, "rear_right"),
        (-90, "right"),
        (320, "front_right"),
    ],
)
def test_views_are_named_by_the_side_seen(degrees, name):
    assert view_name(np.radians(degrees)) == name
