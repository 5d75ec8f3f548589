"""Folders that look like versions, and what serves them without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.server.models.model_catalog import ModelCatalog
from serving.server.models.model_manager import ModelManager
from serving.server.models.version_source import VersionSource
from tests.serving.server.models.fake_loader import Loader

PERIOD_S = 0.01


def add_version(base: Path, number: int) -> str:
    """Returns the path under which the loader is asked for the new version."""
    (base / str(number)).mkdir(parents=True)
    (base / str(number) / "saved_model.pb").touch()
    return f"{base}/{number}"


def entry(name: str, base: Path | str, rest: str = "") -> str:
    return f'name: "{name}" base_path: "{base}" model_platform: "tensorflow" {rest}'


def config_text(*entries: str) -> str:
    models = "".join(f"config {{ {text} }}\n" for text in entries)
    return f"model_config_list {{\n{models}}}\n"


@contextmanager
def running_catalog(
    loader: Loader, *, allow_labels: bool = False
) -> Iterator[tuple[ModelCatalog, ModelManager]]:
    """A catalog without models, whose source looks all the time."""
    manager = ModelManager(loader, max_retries=0)
    source = VersionSource(period_s=PERIOD_S, aspire=manager.aspire)
    source.start()
    yield (
        ModelCatalog(manager, source, allow_labels_for_unavailable=allow_labels),
        manager,
    )
    source.stop()
    manager.close()
