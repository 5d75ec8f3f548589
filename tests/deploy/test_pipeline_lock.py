"""The image gets the very packages that the tests ran with, and none that only test."""

from __future__ import annotations

import re
from pathlib import Path

from tests.deploy.dockerfile import read_instructions, read_stages

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
DOCKERFILE = ROOT / "deploy/pipeline.Dockerfile"
# The one image has the first stack: requirements/modern.lock has no place here.
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Returns version and hashes by package."""
    text = (REQUIREMENTS / name).read_text("utf-8")
    found = list(PIN.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return {
        one[1]: (one[2], frozenset(re.findall(r"sha256:\w+", text[one.end() : end])))
        for one, end in zip(found, ends, strict=True)
    }


def wanted(name: str) -> set[str]:
    """Returns the names that a .in file asks for."""
    lines = (REQUIREMENTS / name).read_text("utf-8").splitlines()
    return {found[0] for line in lines if (found := re.match(r"[a-z0-9._-]+", line))}


def test_every_package_of_the_image_is_the_one_of_the_tests() -> None:
    image, tests = locked("pipeline.lock"), locked("requirements.lock")

    assert len(image) > 200
    assert {name for name in image if image[name] != tests.get(name)} == set()
    assert all(hashes for _, hashes in image.values())


def test_the_image_has_all_that_the_project_asks_for_and_no_test_tool() -> None:
    image = set(locked("pipeline.lock"))

    assert wanted("requirements.in") <= image
    # The notebook tools come with TFX itself.
    notebooks = {"ipykernel", "nbclient", "nbformat"}
    assert wanted("dev.in") & image <= notebooks


def test_beams_worker_is_of_the_version_that_is_locked() -> None:
    beam, *_ = read_stages(DOCKERFILE.read_text("utf-8"))
    image, _, version = beam.image.partition(":")

    assert version == locked("pipeline.lock")["apache-beam"][0]
    assert image == "apache/beam_python3.10_sdk"


def test_the_images_python_is_the_projects() -> None:
    project = (ROOT / ".python-version").read_text().strip()
    (version,) = (
        one.value.partition("=")[2]
        for one in read_instructions(DOCKERFILE.read_text("utf-8"))
        if one.name == "ARG" and one.value.startswith("PYTHON_VERSION=")
    )

    assert re.fullmatch(rf"{re.escape(project)}\.\d+", version)
