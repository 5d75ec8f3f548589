"""Client and `carseg predict` against our server with a model that was exported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from components.serving_validator.command import DEFAULT_COMMAND
from components.serving_validator.server_process import free_ports
from serving.client import ClientError, connect
from tests.tfds_builders import drawn_photos as drawn
from tests.tfx_pipeline.cli.predict_calls import predict
from tfx_pipeline.cli.predict_model import ModelFolder
from tfx_pipeline.cli.predict_server import serve_model

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
PICTURE = drawn.picture(48, 64)

# Another process, so that this one stays without TensorFlow.
EXPORT = """
import sys
from pathlib import Path
import numpy as np
from tests.serving.drawn_model import HEIGHT_PX, WIDTH_PX, right_mask
from tests.serving.exported import export_drawn_model
from tests.tfds_builders.drawn_photos import picture
export_drawn_model(Path(sys.argv[1]))
mask = right_mask(np.asarray(picture(HEIGHT_PX, WIDTH_PX)))
np.save(Path(sys.argv[1]).with_name("right_mask.npy"), mask.astype(np.uint8))
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "model"
    subprocess.run([sys.executable, "-c", EXPORT, str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def right(model: Path) -> np.ndarray:
    mask_ids = np.load(model.with_name("right_mask.npy"))
    assert set(np.unique(mask_ids)) == {0, 1, 2}
    return mask_ids


@pytest.fixture(scope="module")
def server(model: Path) -> Iterator[dict[str, str]]:
    """URLs of both protocols of a server that runs."""
    (port,) = free_ports(1)
    command = [part.replace("{rest_port}", str(port)) for part in DEFAULT_COMMAND]
    with serve_model(ModelFolder(path=model, version=3), "carseg", command) as url:
        yield {"grpc": url, "rest": f"http://127.0.0.1:{port}"}


def own_servers() -> set[str]:
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "serving.server"],
        capture_output=True,
        text=True,
        check=False,
    )
    return set(found.stdout.split())


@pytest.mark.parametrize("protocol", ["grpc", "rest"])
def test_both_protocols_give_the_right_mask(
    server: dict[str, str], right: np.ndarray, protocol: str
) -> None:
    exif = drawn.gps_exif(6)
    turned = drawn.encode(PICTURE.rotate(90, expand=True), "PNG", exif=exif)
    with connect(server[protocol]) as client:
        predictions = client.predict_batch([drawn.encode(PICTURE, "PNG"), turned])
        metadata = client.metadata()
        status = client.status()

    for prediction in predictions:
        np.testing.assert_array_equal(prediction.mask_ids, right)
        share = np.bincount(right.ravel(), minlength=3) / right.size
        np.testing.assert_allclose(prediction.area_fraction, share, rtol=1e-6)
        assert 0.3 < prediction.confidence <= 1
    assert (metadata.name, metadata.version) == ("carseg", 3)
    outputs = metadata.signatures["serving_default"].outputs
    assert outputs["area_fraction"].shape == (None, 3)
    assert {"mask_ids", "dense", "examples"} <= set(metadata.signatures)
    assert [(entry.version, entry.state) for entry in status.versions] == [
        (3, "AVAILABLE")
    ]


@pytest.mark.parametrize("protocol", ["grpc", "rest"])
def test_a_bad_photo_of_a_batch_is_named(server: dict[str, str], protocol: str) -> None:
    good = drawn.encode(PICTURE, "PNG")
    with (
        connect(server[protocol]) as client,
        pytest.raises(ClientError, match=r"image_bytes\[1\] must be JPEG") as caught,
    ):
        client.predict_batch([good, b"hello", good])
    assert caught.value.status == "INVALID_ARGUMENT"
    with connect(server[protocol], model="other") as client:
        with pytest.raises(ClientError, match="other"):
            client.predict(good)
        with pytest.raises(ClientError):
            client.status()


def test_a_model_folder_is_served_for_the_call_and_its_classes_are_named(
    model: Path,
    right: np.ndarray,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = own_servers()
    photo = tmp_path / "a.png"
    photo.write_bytes(drawn.encode(PICTURE, "PNG"))
    bad = tmp_path / "b.png"
    bad.write_bytes(photo.read_bytes()[:100])

    code = predict(*(photo, bad, "--model", model, "--out", tmp_path / "out", "--json"))

    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert code == 1
    assert summary["classes"] == ["background", "red", "blue"]
    assert summary["model"] == {"name": "carseg", "version": 1}
    assert [entry["photo"] for entry in summary["photos"]] == ["a.png"]
    assert [entry["photo"] for entry in summary["failed"]] == ["b.png"]
    with Image.open(tmp_path / "out/a.png.mask.png") as mask:
        np.testing.assert_array_equal(np.asarray(mask), right)
        assert mask.getpalette()[:9] == [0, 0, 0, 255, 0, 0, 0, 0, 255]
    assert own_servers() == before
