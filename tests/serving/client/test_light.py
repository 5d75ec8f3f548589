"""A client is light: no TensorFlow, whatever it does; and its examples are true."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving.client.drawn_requests import photo_bytes
from tests.serving.client.stub_server import STUBS

ROOT = Path(__file__).parents[3]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in ("client", "wire")
    for path in sorted((ROOT / "serving" / package).rglob("*.py"))
]

CALL = """
import importlib, sys
for name in sys.argv[3:]:
    importlib.import_module(name)
from serving.client import connect
with connect(sys.argv[1]) as client:
    client.metadata(), client.status()
    mask_ids = client.predict(open(sys.argv[2], "rb").read()).mask_ids
heavy = ("tensorflow", "tensorflow_serving", "keras", "tfx", "cv2", "apache_beam")
print(mask_ids.shape, [name for name in heavy if name in sys.modules])
"""


@pytest.mark.parametrize("protocol", STUBS)
def test_a_process_that_predicts_has_loaded_no_tensorflow(
    protocol: str, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(photo_bytes(1))

    with STUBS[protocol]() as stub:
        done = subprocess.run(
            [sys.executable, "-c", CALL, stub.url, str(photo), *MODULES],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.stdout.strip() == "(24, 40) []", done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
