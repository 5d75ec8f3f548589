"""The Dockerfile's steps, executed in an empty folder, and what comes out of them.

No container engine is needed: see image_build.py. `CARSEG_WHOLE_IMAGE=1` also compiles
the bytecode, as a real build does, and imports every module; that takes minutes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.build_context import copy_context, read_patterns
from tests.deploy.dockerfile import read_stages
from tests.deploy.fake_root import missing_rights, run_as_user
from tests.deploy.image_build import Built, ImageBuild, inside
from tests.deploy.test_pipeline_dockerfile import IGNORE
from tests.deploy.test_pipeline_lock import DOCKERFILE, ROOT, locked

PACKAGES = ("tfx_pipeline", "components", "tfds_builders", "serving")
SITE = "/opt/carseg/lib/python3.10/site-packages"
WHOLE = os.environ.get("CARSEG_WHOLE_IMAGE") == "1"
HARD_LINKS = {"UV_LINK_MODE": "hardlink"}
# Compiling 24,000 files takes 100 s of a core, and no answer depends on it.
NO_BYTECODE = {} if WHOLE else {"UV_COMPILE_BYTECODE": "0"}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        bool(missing_rights()),
        reason=f"the image's steps are NOT executed here: {missing_rights()}",
    ),
]


class NotExecutedWarning(UserWarning):
    """A step of the image that this test could not execute as it is written."""


@pytest.fixture(scope="module")
def build(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Built, list[str]]]:
    place = tmp_path_factory.mktemp("image")
    copy_context(ROOT, read_patterns(IGNORE), place / "context")
    steps = ImageBuild(
        context=place / "context",
        place=place,
        environment=HARD_LINKS | NO_BYTECODE,
        caches={"/root/.cache/uv": uv_cache()},
    )
    built = steps.build(read_stages(DOCKERFILE.read_text("utf-8")))
    changed = [f"RUN with {name}={value}" for name, value in steps.environment.items()]
    yield built, [*steps.left_out, *changed]
    shutil.rmtree(place)


def uv_cache() -> Path:
    """Returns uv's own cache, which `make setup` has filled."""
    uv = Path(sys.executable).parent / "uv"
    words = [str(uv), "cache", "dir"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    folder = Path(done.stdout.strip())
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


@pytest.fixture(scope="module")
def image(build: tuple[Built, list[str]]) -> Built:
    return build[0]


def answer(image: Built, *command: str) -> str:
    done = run_as_user(
        image.root,
        command,
        user=image.user,
        environment=image.environment,
        folder=image.folder,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_all_steps_are_executed_but_these(build: tuple[Built, list[str]]) -> None:
    _, left_out = build
    for step in left_out:
        warnings.warn(step, NotExecutedWarning, stacklevel=1)

    assert [re.sub(r":[\w.-]+", "", step) for step in left_out] == [
        "FROM apache/beam_python3.10_sdk: no image can be fetched",
        "FROM python: played by this machine",
        "FROM python: played by this machine",
        "COPY --from=beam /opt/apache/beam /opt/apache/beam",
        *(f"RUN with {name}={value}" for name, value in HARD_LINKS.items()),
        *(f"RUN with {name}={value}" for name, value in NO_BYTECODE.items()),
    ]


def test_the_wheel_has_every_source_and_text_of_the_packages(image: Built) -> None:
    def files(root: Path) -> set[str]:
        return {
            path.relative_to(root).as_posix()
            for package in PACKAGES
            for path in (root / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    # The .proto files are what *_pb2.py was made from.
    wanted = {name for name in files(ROOT) if not name.endswith(".proto")}
    assert files(inside(image.root, SITE)) == wanted


def test_the_environment_is_whole_and_has_no_tool_of_the_build(image: Built) -> None:
    site, scripts = (inside(image.root, path) for path in (SITE, "/opt/carseg/bin"))
    names = {
        path.name.partition("-")[0].replace("_", "-").lower().replace(".", "-")
        for path in site.glob("*.dist-info")
    }
    locks = {name.replace(".", "-") for name in locked("pipeline.lock")}

    assert names == locks | {"carseg", "pip"}
    first = {
        script.read_bytes().partition(b"\n")[0]
        for script in scripts.iterdir()
        if not script.is_symlink() and script.read_bytes()[:2] == b"#!"
    }
    assert first == {b"#!/opt/carseg/bin/python"}


def test_the_command_line_works_as_the_images_user_with_a_read_only_root(
    image: Built,
) -> None:
    who = "import getpass, os; print(getpass.getuser(), os.getuid(), os.getgid())"

    assert answer(image, "python", "-c", who) == "carseg 10001 10001\n"
    assert "compile" in answer(image, "carseg", "--help")
    assert "--executor_class_path" in answer(
        image, "python", "-m", "tfx_pipeline.runners.kubeflow.run_node", "--help"
    )
    place = "import serving.server.flags as f; print(f.__file__)"
    assert answer(image, "python", "-c", place).startswith(SITE)


def test_only_tmp_and_the_artifacts_folders_can_be_written(image: Built) -> None:
    def fails(path: str) -> bool:
        words = ["sh", "-c", f'! touch "{path}" 2>/dev/null && echo refused || echo ok']
        return answer(image, *words) == "refused\n"

    assert fails("/opt/carseg/new") and fails("/new") and fails("/etc/passwd")
    assert not fails("/tmp/new")
    for folder in ("/gcs", "/minio", "/s3"):
        # Read-only here; where the root is writable, anybody may write there.
        assert inside(image.root, folder).stat().st_mode & 0o7777 == 0o1777


def test_beams_boot_program_finds_what_it_asks_for(image: Built) -> None:
    """`python -m pip show apache-beam` is how it asks, and it ends where that fails."""
    shown = answer(image, "python", "-m", "pip", "show", "apache-beam")

    assert f"Version: {locked('pipeline.lock')['apache-beam'][0]}\n" in shown


@pytest.mark.skipif(
    not WHOLE, reason="every import takes minutes: CARSEG_WHOLE_IMAGE=1"
)
def test_every_module_can_be_imported(image: Built) -> None:
    code = f"""
import importlib, pathlib
for package in {PACKAGES!r}:
    for path in sorted(pathlib.Path({SITE!r}, package).rglob("*.py")):
        name = path.relative_to({SITE!r}).with_suffix("").as_posix()
        if not name.endswith("__main__"):
            importlib.import_module(name.removesuffix("/__init__").replace("/", "."))
print("all")
"""
    assert answer(image, "python", "-W", "ignore", "-c", code).endswith("all\n")
