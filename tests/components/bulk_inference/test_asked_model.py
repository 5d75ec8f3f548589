"""A bad photo costs no other its mask; the files alone say what the model answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from components.bulk_inference.asked_model import (
    AskedModel,
    check_weights,
    count_classes,
    model_fingerprint,
)
from components.bulk_inference.loaded_model import LoadedModel
from components.bulk_inference.photo_answer import NoAnswer, PhotoAnswer
from tests.serving.exported import SessionModel, decode_mask, export_drawn_model
from tests.tfds_builders import drawn_photos as drawn

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "model"
    export_drawn_model(path)
    return path


def test_a_bad_photo_of_a_batch_is_named_and_the_others_have_masks(
    folder: Path,
) -> None:
    good = [
        drawn.encode(drawn.picture(40 + index, 56), "PNG", exif=drawn.gps_exif(6))
        for index in range(3)
    ]
    bad = drawn.encode(drawn.picture(), "JPEG")[:400]
    model = LoadedModel(AskedModel(folder=str(folder)))

    answers = model.predict([good[0], bad, good[1], b"hello", good[2]])

    told = [answer for answer in answers if isinstance(answer, NoAnswer)]
    assert [index for index, answer in enumerate(answers) if answer in told] == [1, 3]
    assert all(answer.is_final for answer in told)
    assert told[0].reason.startswith("jpeg::Uncompress failed")
    assert "image_bytes[0] must be JPEG, PNG, BMP or GIF, got 5 bytes" in told[1].reason
    assert not any("\n" in answer.reason or "[[" in answer.reason for answer in told)
    served = SessionModel(folder)("serving_default", image_bytes=np.array(good, object))
    masks = [answer for answer in answers if isinstance(answer, PhotoAnswer)]
    for index, answer in enumerate(masks):
        assert answer.mask_png == served["mask_png_bytes"][index]
        assert (answer.height, answer.width) == (56, 40 + index)  # upright
        mask = decode_mask(answer.mask_png)
        assert mask.shape == (answer.height, answer.width)
        share = np.bincount(mask.ravel(), minlength=3) / mask.size
        np.testing.assert_allclose(answer.areas, share, rtol=1e-5)
        np.testing.assert_allclose(
            answer.confidence, served["confidence"][index], rtol=1e-5
        )
    assert len(masks) == 3
    assert model.predict([]) == []


def test_the_files_alone_tell_classes_and_weights(folder: Path, tmp_path: Path) -> None:
    assert count_classes(AskedModel(folder=str(folder))) == 3
    with pytest.raises(ValueError, match="must have a signature other that answers"):
        count_classes(AskedModel(folder=str(folder), signature_name="other"))
    with pytest.raises(ValueError, match="mask_png_bytes, height"):
        count_classes(AskedModel(folder=str(folder), signature_name="dense"))

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert model_fingerprint(str(copy)) == model_fingerprint(str(folder))
    (data,) = (copy / "variables").glob("*.data*")
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(content)
    assert model_fingerprint(str(copy)) != model_fingerprint(str(folder))
    (copy / "saved_model.pb").write_bytes(b"\xff" * 99)
    with pytest.raises(ValueError, match="must be a SavedModel, but it cannot be read"):
        count_classes(AskedModel(folder=str(copy)))


@pytest.mark.parametrize("name", ["data", "index"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_weights_that_are_not_whole_are_refused_in_a_line(
    folder: Path, tmp_path: Path, name: str, damage: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    check_weights(str(copy))
    (file,) = (copy / "variables").glob(f"*.{name}*")
    content = file.read_bytes()
    middle = len(content) // 2
    if damage == "cut":
        file.write_bytes(content[:middle])
    elif damage == "flipped":
        flipped = bytes([content[middle] ^ 1])
        file.write_bytes(content[:middle] + flipped + content[middle + 1 :])
    else:
        file.unlink()

    with pytest.raises(ValueError, match=f"model in '{copy}' must be whole") as found:
        check_weights(str(copy))

    assert "\n" not in str(found.value)


def test_a_batch_has_a_photo_or_more() -> None:
    with pytest.raises(ValueError, match="1 photo or more, got 0"):
        AskedModel(folder="m", batch_size=0)
