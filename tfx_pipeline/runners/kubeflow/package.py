"""The file that `carseg compile` writes and `carseg submit-run` uploads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tfx_pipeline.config.usage_error import UsageError

_SUFFIXES = (".yaml", ".yml")  # what Kubeflow's client takes


@dataclass(frozen=True, kw_only=True)
class Package:
    """A pipeline in Kubeflow's form.

    Attributes:
        spec: Pipeline spec, schema 2.1.0, as nested dicts.
        platform: Platform spec for Kubernetes; None where no node needs one.
    """

    spec: Mapping[str, Any]
    platform: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """Name of the pipeline."""
        return str(self.spec["pipelineInfo"]["name"])

    @property
    def pipeline_root(self) -> str:
        """URI below which artifacts are kept; '' leaves it to the cluster."""
        return str(self.spec.get("defaultPipelineRoot", ""))

    @property
    def nodes(self) -> list[str]:
        """Names of the tasks, sorted."""
        return sorted(self.spec["root"]["dag"]["tasks"])

    @property
    def parameters(self) -> dict[str, Mapping[str, Any]]:
        """Runtime parameters: name to `parameterType` and `defaultValue`."""
        definitions = self.spec["root"].get("inputDefinitions", {})
        return dict(definitions.get("parameters", {}))

    def text(self) -> str:
        """Returns the YAML documents; the same for the same package."""
        documents = [self.spec] if self.platform is None else [self.spec, self.platform]
        return yaml.dump_all(
            documents, Dumper=_Dumper, sort_keys=True, allow_unicode=True, width=1000
        )


class _Dumper(yaml.CSafeDumper):
    """Writes a value that occurs twice twice: Kubeflow's reader refuses references."""

    def ignore_aliases(self, data: Any) -> bool:
        """Says so for every value."""
        return True


def check_package_path(path: Path) -> None:
    """Refuses a path that no package can be written to, or Kubeflow would not take."""
    if path.suffix not in _SUFFIXES:
        known = " or ".join(_SUFFIXES)
        raise UsageError(f"the file of a pipeline must end in {known}, got '{path}'")
    if not path.parent.is_dir() or path.is_dir():
        raise UsageError(
            f"the file of a pipeline must lie in an existing folder, got '{path}'"
        )


def write_package(package: Package, path: Path) -> None:
    """Writes all of the file or, when anything fails, leaves what was there."""
    handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(package.text())
        Path(written).chmod(0o644)
        Path(written).replace(path)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


def read_package(path: Path) -> Package:
    """Returns what `write_package` has written.

    Raises:
        UsageError: There is no such file, or it holds something else.
    """
    try:
        documents = list(yaml.load_all(path.read_text("utf-8"), yaml.CSafeLoader))
    except OSError as err:
        raise UsageError(f"cannot read the pipeline {path}: {err.strerror}") from err
    except (yaml.YAMLError, UnicodeDecodeError):
        documents = []
    package = Package(
        spec=documents[0] if documents else {},
        platform=documents[1] if len(documents) > 1 else None,
    )
    if not _is_whole(package):
        raise UsageError(
            f"{path} must be a pipeline that carseg compile has written; compile it"
            " again"
        )
    return package


def _is_whole(package: Package) -> bool:
    """Tells whether there are tasks, and for each what it executes."""
    spec = package.spec
    try:
        executed = [
            spec["components"][task["componentRef"]["name"]]["executorLabel"]
            for task in spec["root"]["dag"]["tasks"].values()
        ]
        known = spec["deploymentSpec"]["executors"]
        return bool(package.name and executed) and known.keys() >= set(executed)
    except (AttributeError, KeyError, TypeError):
        return False
