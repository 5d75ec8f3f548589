import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.drawn_photos import encode
from tests.tfds_builders.folder_masks.drawn_folder import (
    COLOURS,
    low_bit_png,
    mask_ids,
    palette_image,
    png,
)
from tfds_builders.folder_masks.mask_code import MaskCode
from tfds_builders.folder_masks.mask_decoding import decode_mask, mask_size_px

RGB = {(0, 0, 0): 0, (200, 0, 0): 1, (0, 0, 200): 2}
CODE = MaskCode(ids_by_value={0: 0, 1: 1, 2: 2, 255: 255}, ids_by_rgb=RGB)
BINARY = MaskCode(ids_by_value={0: 0, 255: 1}, ids_by_rgb={})
IDS = mask_ids()
ORDERED = [(0, 0, 0), (200, 0, 0), (0, 0, 200)]


def voided(ids: np.ndarray = IDS) -> np.ndarray:
    ids = ids.copy()
    ids[3, 4] = 255
    return ids


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(voided()), voided()),
        (png(IDS.astype(np.uint16)), IDS),
        (encode(palette_image(IDS, ORDERED), "PNG"), IDS),
        (encode(palette_image(IDS, ORDERED), "GIF"), IDS),
        (encode(palette_image(IDS, [(5, 6, 7), (8, 9, 1), (2, 3, 4)]), "PNG"), IDS),
        (encode(palette_image(IDS + 7, [(1, 1, 1)] * 7 + ORDERED), "PNG"), IDS),
        (png(COLOURS[IDS]), IDS),
        (
            encode(Image.fromarray(COLOURS[IDS]).convert("RGBA"), "PNG"),
            IDS,
        ),
        (encode(Image.fromarray(IDS).convert("LA"), "PNG"), IDS),
        (low_bit_png(IDS, 2), IDS),
        (low_bit_png(IDS, 4), IDS),
        (encode(Image.fromarray(IDS > 0), "PNG"), (IDS > 0).astype(np.uint8)),
    ],
    ids=[
        "grey-8",
        "grey-16",
        "palette-png",
        "palette-gif",
        "palette-of-any-colours",
        "palette-by-colour",
        "rgb",
        "rgba",
        "grey-alpha",
        "grey-2-bits",
        "grey-4-bits",
        "grey-1-bit",
    ],
)
def test_every_kind_of_mask_gives_its_ids(data: bytes, expected: np.ndarray) -> None:
    decoded = decode_mask(data, CODE, "m")
    assert decoded.dtype == np.uint8
    np.testing.assert_array_equal(decoded, expected)


@pytest.mark.parametrize(
    "data",
    [
        png(np.where(IDS > 0, 255, 0).astype(np.uint8)),
        low_bit_png((IDS > 0).astype(np.uint8), 1),
        encode(palette_image((IDS > 0) * 255, [(0, 0, 0)] * 256), "PNG"),
    ],
    ids=["grey", "one-bit", "palette"],
)
def test_a_binary_mask_of_0_and_255_by_values(data: bytes) -> None:
    np.testing.assert_array_equal(decode_mask(data, BINARY, "m"), IDS > 0)


def test_values_map_to_their_class_and_void_to_255() -> None:
    code = MaskCode(ids_by_value={0: 0, 10: 1, 20: 1, 300: 2, 7: 255}, ids_by_rgb={})
    values = np.array([[0, 10, 20], [300, 7, 0]], np.uint16)
    np.testing.assert_array_equal(
        decode_mask(png(values), code, "m"), [[0, 1, 1], [2, 255, 0]]
    )


def test_a_black_and_white_palette_is_read_by_index() -> None:
    image = palette_image(IDS > 0, [(0, 0, 0), (255, 255, 255)])
    np.testing.assert_array_equal(decode_mask(encode(image, "PNG"), CODE, "m"), IDS > 0)


def test_indices_and_colours_that_disagree_are_refused_until_told() -> None:
    shuffled = encode(palette_image(IDS, [(200, 0, 0), (0, 0, 200), (0, 0, 0)]), "PNG")
    with pytest.raises(ValueError) as caught:
        decode_mask(shuffled, CODE, "img_042")
    assert str(caught.value) == (
        "mask 'img_042' can be read in two ways: its indices and its colours are both"
        " known classes and differ; set `palette:` in taxonomy.yaml to one"
    )
    by_index = MaskCode(
        ids_by_value=CODE.ids_by_value, ids_by_rgb=RGB, palette="indices"
    )
    by_colour = MaskCode(
        ids_by_value=CODE.ids_by_value, ids_by_rgb=RGB, palette="colours"
    )
    np.testing.assert_array_equal(decode_mask(shuffled, by_index, "m"), IDS)
    np.testing.assert_array_equal(
        decode_mask(shuffled, by_colour, "m"), np.array([1, 2, 0])[IDS]
    )


def test_a_gif_saved_from_grey_ids_is_never_read_wrongly_in_silence() -> None:
    # Pillow packs the levels 0, 3, 9 into the indices 0, 1, 2 of a grey palette.
    levels = np.array([0, 3, 9], np.uint8)[IDS]
    gif = encode(Image.fromarray(levels), "GIF")
    values = {value: value for value in (*range(10), 255)}
    with pytest.raises(ValueError, match="its indices and its levels are both known"):
        decode_mask(gif, MaskCode(ids_by_value=values, ids_by_rgb={}), "m")
    told = MaskCode(ids_by_value=values, ids_by_rgb={}, palette="levels")
    np.testing.assert_array_equal(decode_mask(gif, told, "m"), levels)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (
            np.array([[0, 1, 0], [0, 11, 11]], np.uint8),
            "mask ids must be 0..2 or 255 (void), got 11 in 'img_042' (2 pixels of it,"
            " 2 unknown in all, first at x=1, y=1); check taxonomy.yaml",
        ),
        (
            np.array([[0, 700]], np.uint16),
            "mask ids must be 0..2 or 255 (void), got 700 in 'img_042' (1 pixels of it,"
            " 1 unknown in all, first at x=1, y=0); check taxonomy.yaml",
        ),
        (
            np.array([[[0, 0, 0], [1, 2, 3], [200, 0, 1]]], np.uint8),
            "mask colours must be in the taxonomy, got (1, 2, 3) in 'img_042' (1 pixels"
            " of it, 2 unknown in all, first at x=1, y=0); give it to a class by `rgb`,"
            " or list it under `void`, in taxonomy.yaml",
        ),
        (
            np.array([[[0, 0, 0], [2, 2, 2]]], np.uint8),
            "mask colours must be in the taxonomy, got (2, 2, 2) in 'img_042' (1 pixels"
            " of it, 1 unknown in all, first at x=1, y=0); if its grey levels are ids,"
            " save it with one channel",
        ),
    ],
    ids=["grey-8", "grey-16", "rgb", "grey-as-rgb"],
)
def test_an_unknown_value_is_named_with_its_place(
    array: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        decode_mask(png(array), CODE, "img_042")
    assert str(caught.value) == message


def test_an_unknown_palette_index_is_named() -> None:
    image = palette_image(np.array([[0, 5]]), [(0, 0, 0)] + [(9, 8, 7)] * 5)
    with pytest.raises(
        ValueError, match=r"^mask ids must be 0\.\.2 or .*, got 5 in 'm'"
    ):
        decode_mask(encode(image, "PNG"), CODE, "m")


def test_lossy_and_broken_files_are_refused_with_the_reason() -> None:
    jpeg = encode(Image.fromarray(IDS), "JPEG")
    with pytest.raises(ValueError, match="must be a PNG or GIF, got JPEG; lossy"):
        decode_mask(jpeg, CODE, "m")
    with pytest.raises(ValueError, match=r"empty file \(0 bytes\)"):
        decode_mask(b"", CODE, "m")
    with pytest.raises(ValueError, match=r"^mask cannot be decoded \(cannot identify"):
        decode_mask(b"no picture", CODE, "m")
    noise = np.random.default_rng(0).integers(0, 3, (60, 60), np.uint8)
    with pytest.raises(ValueError, match=r"^mask cannot be decoded \("):
        decode_mask(png(noise)[:300], CODE, "m")


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_damaged_mask_is_not_refused_in_pythons_words(kind: str) -> None:
    data = encode(Image.fromarray(IDS), kind)
    refused = 0
    for place in range(len(data)):
        for damaged in (data[:place], data[:place] + b"\xff" + data[place + 1 :]):
            try:
                decode_mask(damaged, CODE, "m")
            except ValueError as err:
                refused += 1
                assert "buffer" not in str(err) and "index out" not in str(err)
    assert refused > len(data) / 2


def test_a_gif_of_several_frames_is_refused() -> None:
    frames = [Image.fromarray(IDS), Image.fromarray(IDS[::-1].copy())]
    gif = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(ValueError, match="one picture, got 2 frames"):
        decode_mask(gif, CODE, "m")


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_cut_mask_is_either_refused_or_whole(cut: int) -> None:
    noise = np.random.default_rng(1).integers(0, 3, (40, 40), np.uint8)
    try:
        decoded = decode_mask(png(noise)[:cut], CODE, "m")
    except ValueError as err:
        assert "\n" not in str(err)
    else:
        np.testing.assert_array_equal(decoded, noise)


def test_the_size_is_height_then_width() -> None:
    assert mask_size_px(png(np.zeros((3, 5), np.uint8))) == (3, 5)


def test_a_tall_colour_mask_is_whole_and_its_fault_is_found_below() -> None:
    ids = np.random.default_rng(2).integers(0, 3, (300, 5))
    rgb = COLOURS[ids]
    np.testing.assert_array_equal(decode_mask(png(rgb), CODE, "m"), ids)
    rgb[299, 4] = (1, 2, 3)
    with pytest.raises(ValueError, match="first at x=4, y=299"):
        decode_mask(png(rgb), CODE, "m")
