from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.build_context import copy_context, is_sent, read_patterns
from tests.deploy.dockerfile import expand, read_instructions, read_stages
from tests.deploy.test_pipeline_lock import DOCKERFILE, ROOT

IGNORE = Path(f"{DOCKERFILE}.dockerignore")
HADOLINT = Path(sys.executable).parent / "hadolint"


def lint(file: Path) -> str:
    done = subprocess.run(
        [HADOLINT, "--no-color", "--failure-threshold", "style", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.stdout) == bool(done.returncode), done.stderr
    return done.stdout


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    assert lint(DOCKERFILE) == ""


def test_hadolint_finds_what_is_planted(tmp_path: Path) -> None:
    text = DOCKERFILE.read_text("utf-8").replace(
        "FROM apache/beam_python3.10_sdk:${BEAM_VERSION} AS beam",
        "FROM apache/beam_python3.10_sdk AS beam",
    )
    planted = tmp_path / "Dockerfile"
    planted.write_text(text.replace("WORKDIR /tmp", "WORKDIR tmp"))

    assert "DL3006" in lint(planted) and "DL3000" in lint(planted)


def test_the_image_is_a_worker_that_runs_as_a_number_and_writes_below_tmp_only() -> (
    None
):
    *_, last = read_stages(DOCKERFILE.read_text("utf-8"))
    said = {one.name: one.value for one in last.instructions}
    variables = dict(
        pair.split("=", 1)
        for one in last.instructions
        if one.name == "ENV"
        for pair in one.value.split()
    )

    assert said["USER"] == "10001:10001"
    assert json.loads(said["ENTRYPOINT"]) == ["/opt/apache/beam/boot"]
    assert variables["HOME"] == variables["TMPDIR"] == "/tmp"
    assert variables["PYTHONDONTWRITEBYTECODE"] == "1"
    # Else every worker makes a virtual environment of its own below /opt.
    assert variables["RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT"] == "1"


def test_the_builder_is_sent_what_the_dockerfile_copies_and_little_else(
    tmp_path: Path,
) -> None:
    patterns = read_patterns(IGNORE)
    copy_context(ROOT, patterns, tmp_path)
    copied = [
        source
        for stage in read_stages(DOCKERFILE.read_text("utf-8"))
        for one in stage.instructions
        if one.name == "COPY" and "from" not in one.flags
        for source in one.value.split()[:-1]
    ]

    assert [name for name in copied if not (tmp_path / name).exists()] == []
    assert {path.name for path in tmp_path.iterdir()} == {
        name.partition("/")[0] for name in copied
    }
    assert list(tmp_path.rglob("*.pyc")) == []


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("setup.py", True),
        ("serving/server/flags.py", True),
        ("requirements/pipeline.lock", True),
        ("requirements/requirements.lock", False),
        ("tests/deploy/manifests.py", False),
        (".git/config", False),
        ("serving/server/__pycache__/flags.pyc", False),
        ("carseg.egg-info/PKG-INFO", False),
    ],
)
def test_the_last_pattern_that_matches_decides(name: str, sent: bool) -> None:
    assert is_sent(name, read_patterns(IGNORE)) is sent


def test_instructions_are_read_over_lines_comments_and_flags() -> None:
    text = os.linesep.join(
        [
            "# a comment",
            "ARG A=1",
            "FROM image:${A} AS one",
            "RUN --mount=type=cache,target=/c \\",
            "    # inside",
            "    first \\",
            "    && second",
            "",
            "COPY --from=one --chown=1:1 /a /b",
        ]
    )
    (stage,) = read_stages(text)
    run, copy = stage.instructions

    assert (stage.image, stage.name) == ("image:1", "one")
    assert (run.name, run.line) == ("RUN", 4)
    assert run.flags == {"mount": "type=cache,target=/c"}
    assert run.value == "first && second"
    assert (copy.flags, copy.value) == ({"from": "one", "chown": "1:1"}, "/a /b")
    assert [one.name for one in read_instructions(text)] == [
        *("ARG", "FROM", "RUN", "COPY")
    ]


def test_variables_are_replaced_where_they_are_set() -> None:
    assert expand("$A-${A}-${B:-c}-${D}", {"A": "1"}) == "1-1-c-"
