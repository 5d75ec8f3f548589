"""Executes a Dockerfile's steps without a container engine, and says what it cannot.

Each stage is a folder that its RUN steps see as `/` (fake_root.py). A base image is
played by this machine; what comes from any other image is left out by name.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.dockerfile import Instruction, Stage, expand
from tests.deploy.fake_root import BASE_ENVIRONMENT, make_root, run_as_root

_ONLY_SAID = ("LABEL", "ENTRYPOINT", "CMD", "EXPOSE", "HEALTHCHECK")
# How this machine reaches its package index, as requirements/install.sh hands it on.
_OF_THIS_MACHINE = ("PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_", "HTTP", "NO_PROXY")


@dataclass(kw_only=True)
class Built:
    """A stage after its steps.

    Attributes:
        root: Its files.
        environment: What its processes see.
        user: `UID:GID`, empty for root.
        folder: Where its processes start.
        said: What LABEL, ENTRYPOINT and their like say.
    """

    root: Path
    environment: dict[str, str]
    user: str = ""
    folder: str = "/"
    said: list[Instruction] = field(default_factory=list)


@dataclass(kw_only=True)
class ImageBuild:
    """A build of some stages below a folder.

    Attributes:
        context: What COPY takes files from.
        place: An empty folder.
        arguments: Of the build; what the Dockerfile sets is the default.
        environment: Variables for RUN only, in place of the Dockerfile's.
        caches: By target of `--mount=type=cache`: a folder of this machine.
        left_out: What was not executed as it is written, and why.
    """

    context: Path
    place: Path
    arguments: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    caches: Mapping[str, Path] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    _stages: dict[str, Built] = field(default_factory=dict)
    _foreign: set[str] = field(default_factory=set)

    def build(self, stages: Sequence[Stage]) -> Built:
        """Executes all stages; returns the last one."""
        for number, stage in enumerate(stages):
            if stage.image.startswith("python:"):
                self._build_stage(stage, self.place / f"stage-{number}")
            else:
                assert not stage.instructions, stage
                self._foreign.add(stage.name)
                self.left_out.append(f"FROM {stage.image}: no image can be fetched")
        return list(self._stages.values())[-1]

    def _build_stage(self, stage: Stage, root: Path) -> None:
        make_root(root)
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert stage.image.startswith(f"python:{here}."), (stage.image, here)
        self.left_out.append(f"FROM {stage.image}: played by this machine")
        built = Built(root=root, environment=dict(BASE_ENVIRONMENT))
        self._stages[stage.name] = built
        arguments: dict[str, str] = {}
        for one in stage.instructions:
            if one.name == "ARG":
                name, _, default = one.value.partition("=")
                arguments[name] = self.arguments.get(name, default)
            else:
                self._execute(one, built, arguments)

    def _execute(
        self, one: Instruction, built: Built, arguments: Mapping[str, str]
    ) -> None:
        value = expand(one.value, {**arguments, **built.environment})
        if one.name == "ENV":
            pairs = (pair.partition("=") for pair in shlex.split(value))
            built.environment.update({name: text for name, _, text in pairs})
        elif one.name == "WORKDIR":
            built.folder = value
            inside(built.root, value).mkdir(parents=True, exist_ok=True)
        elif one.name == "USER":
            built.user = value
        elif one.name == "COPY":
            self._copy(one, built, value.split())
        elif one.name == "RUN":
            self._run(one, built, arguments)
        elif one.name in _ONLY_SAID:
            built.said.append(one)
        else:
            raise NotImplementedError(f"line {one.line}: {one.name}")

    def _copy(self, one: Instruction, built: Built, words: Sequence[str]) -> None:
        *sources, target = words
        place = inside(built.root, os.path.join(built.folder, target))
        stage = one.flags.get("from")
        if stage in self._foreign:
            self.left_out.append(f"COPY --from={stage} {' '.join(words)}")
        elif stage:
            # Moved, because copying 3 GB proves nothing: no later step reads it.
            (source,) = sources
            place.parent.mkdir(parents=True, exist_ok=True)
            inside(self._stages[stage].root, source).rename(place)
        else:
            for source in sources:
                _copy_file_or_folder(self.context / source, place, target)

    def _run(
        self, one: Instruction, built: Built, arguments: Mapping[str, str]
    ) -> None:
        caches = {}
        if mount := one.flags.get("mount"):
            options = dict(part.split("=") for part in mount.split(","))
            assert options.keys() == {"type", "target"}, options
            assert options["type"] == "cache", options
            caches = {options["target"]: self.caches[options["target"]]}
        assert not built.user, "a RUN after USER is not known here"
        run_as_root(
            built.root,
            ["/bin/sh", "-c", one.value],
            environment={
                **machine_environment(),
                **arguments,
                **built.environment,
                "HOME": built.environment.get("HOME", "/root"),
                **self.environment,
            },
            folder=built.folder,
            caches=caches,
        )


def inside(root: Path, path: str) -> Path:
    """Returns where a path of the image is on this machine."""
    return root / os.path.normpath(path).lstrip("/")


def machine_environment() -> dict[str, str]:
    """Returns how this machine reaches its package index."""
    found = {
        name: value
        for name, value in os.environ.items()
        if name.upper().startswith(_OF_THIS_MACHINE)
    }
    if "UV_DEFAULT_INDEX" not in found and (index := _index_of_pip()):
        found |= {"UV_DEFAULT_INDEX": index, "PIP_INDEX_URL": index}
    return found


def _index_of_pip() -> str:
    words = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return os.environ.get("PIP_INDEX_URL", done.stdout.strip())


def _copy_file_or_folder(source: Path, place: Path, target: str) -> None:
    if source.is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True)
        return
    if target.endswith("/"):
        place.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, place / source.name if place.is_dir() else place)
