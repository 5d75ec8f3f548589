"""Which builders there are, by name, without importing any of them."""

from __future__ import annotations

from pathlib import Path

import tfds_builders
from tfx_pipeline.config.unknown_name import unknown_name

# For nodes that call `builder_path` and may not import it.
FIND_BUILDER = "tfx_pipeline.config.builders.builder_path"


def builder_names() -> tuple[str, ...]:
    """Returns the names of the installed builders, sorted."""
    root = Path(tfds_builders.__path__[0])
    return tuple(
        sorted(
            path.parent.name
            for path in root.glob("*/*_dataset_builder.py")
            if path.name == f"{path.parent.name}_dataset_builder.py"
        )
    )


def builder_path(name: str) -> str:
    """Returns the dotted path of a builder's class.

    A name with a dot is taken as such a path already: a builder of the user's own.

    Example:
        >>> builder_path("folder_masks")
        'tfds_builders.folder_masks.folder_masks_dataset_builder.Builder'
    """
    if "." in name:
        return name
    known = builder_names()
    if name not in known:
        raise ValueError(unknown_name("dataset", name, known))
    return f"tfds_builders.{name}.{name}_dataset_builder.Builder"
