import numpy as np
import pytest

from tfds_builders.synthetic_cars.scene import paint_scene
from tfds_builders.synthetic_cars.taxonomy import (
    DAMAGE_IDS,
    PART_IDS,
    STREET_IDS,
    TAXONOMIES,
)


@pytest.mark.parametrize("seed", [0, 11], ids=["seed_0", "seed_11"])
def test_a_seed_gives_the_same_bytes_every_time(seed):
    first = paint_scene(seed, height_px=96, width_px=128)
    np.random.seed(5)
    paint_scene(seed + 1, height_px=64, width_px=64)
    again = paint_scene(seed, height_px=96, width_px=128)
    assert first.image.tobytes() == again.image.tobytes()
    assert {t: m.tobytes() for t, m in first.masks.items()} == {
        t: m.tobytes() for t, m in again.masks.items()
    }
    assert first.instances == again.instances
    assert first.view == again.view


def test_seeds_differ():
    one, other = (paint_scene(seed, height_px=64, width_px=64) for seed in (1, 2))
    assert np.abs(one.image.astype(int) - other.image.astype(int)).mean() > 10


@pytest.mark.parametrize(
    ("height", "width"),
    [(64, 64), (64, 200), (150, 97), (96, 1100)],
    ids=["min", "wide", "odd", "more_than_the_clouds"],
)
def test_any_size_and_shape_is_drawn(height, width):
    scene = paint_scene(4, height_px=height, width_px=width)
    assert scene.image.shape == (height, width, 3)
    assert scene.image.dtype == np.uint8
    assert list(scene.masks) == ["car", "parts", "damage", "street"]
    for mask in scene.masks.values():
        assert (mask.shape, mask.dtype) == ((height, width), np.uint8)


def test_a_tiny_picture_is_refused():
    with pytest.raises(ValueError, match="width_px must be at least 64, got 63"):
        paint_scene(0, height_px=64, width_px=63)


def test_every_id_is_in_its_taxonomy(scenes):
    for scene in scenes:
        for task, mask in scene.masks.items():
            assert mask.max() < TAXONOMIES[task].num_classes


def test_the_four_tasks_agree_pixel_by_pixel(scenes):
    for scene in scenes:
        car = scene.masks["car"] == 1
        np.testing.assert_array_equal(scene.masks["street"] == STREET_IDS["car"], car)
        np.testing.assert_array_equal(scene.masks["parts"] > 0, car)
        assert not (scene.masks["damage"][~car] > 0).any()


def test_the_main_car_is_large_enough_to_learn_from(scenes):
    shares = np.array([(scene.masks["car"] == 1).mean() for scene in scenes])
    assert shares.min() > 0.02
    assert ((shares > 0.1) & (shares < 0.55)).mean() > 0.8


def _classes_seen(scenes, task, *, in_scenes):
    found = [np.unique(scene.masks[task]) for scene in scenes]
    ids, counts = np.unique(np.concatenate(found), return_counts=True)
    names = TAXONOMIES[task].names
    return {names[i] for i, n in zip(ids, counts, strict=True) if n >= in_scenes}


def test_every_part_is_seen_often(scenes):
    assert _classes_seen(scenes[:60], "parts", in_scenes=5) == set(PART_IDS)


def test_every_damage_is_seen_often(scenes):
    assert _classes_seen(scenes, "damage", in_scenes=15) == set(DAMAGE_IDS)


def test_every_street_class_is_seen(scenes):
    assert _classes_seen(scenes, "street", in_scenes=4) == set(STREET_IDS)


def test_about_half_of_the_scenes_show_damage(scenes):
    share = np.mean([scene.masks["damage"].any() for scene in scenes])
    assert 0.4 < share < 0.8


def test_the_cars_are_seen_from_all_sides(scenes):
    views = [scene.view for scene in scenes]
    expected = "front rear left right front_left front_right rear_left rear_right"
    assert set(views) == set(expected.split())
    assert max(views.count(view) for view in set(views)) < len(views) / 2


def test_the_view_names_the_side_that_is_painted(scenes):
    """Scenes of one car only, where the largest car must be the main one."""
    checked = 0
    for scene in scenes:
        cars = [entry for entry in scene.instances if entry["task"] == "car"]
        side = scene.view.split("_")[-1]
        if len(cars) != 1 or side not in ("left", "right"):
            continue
        other = "left" if side == "right" else "right"
        ids = [PART_IDS[f"{other}_front_door"], PART_IDS[f"{other}_window"]]
        assert not np.isin(scene.masks["parts"], ids).any(), scene.view
        checked += 1
    assert checked >= 15


def test_several_cars_share_a_picture_now_and_then(scenes):
    counts = [
        sum(entry["task"] == "car" for entry in scene.instances) for scene in scenes
    ]
    assert min(counts) >= 1
    assert 0.2 < np.mean(np.array(counts) > 1) < 0.95
