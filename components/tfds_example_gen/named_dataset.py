"""From a dataset's short name to its builder and the builder's arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.dotted_path import import_by_path


@dataclass(frozen=True, kw_only=True)
class NamedDataset:
    """A builder by its dotted path, with all its arguments but `data_dir`."""

    builder: str
    builder_kwargs: Mapping[str, Any]


def find_named_dataset(
    dataset: str,
    *,
    find_builder: str,
    manual_dir: str,
    builder_kwargs: Mapping[str, Any],
) -> NamedDataset:
    """Returns what a dataset's name stands for.

    Args:
        dataset: `NAME` or `NAME/CONFIG`.
        find_builder: Dotted path of a function from NAME to the dotted path of its
            builder's class.
        manual_dir: Folder as the data's owner publishes it; '' for none.
        builder_kwargs: Further arguments of the builder.
    """
    name, _, config = dataset.partition("/")
    return NamedDataset(
        builder=import_by_path(find_builder)(name),
        builder_kwargs={
            **builder_kwargs,
            "manual_dir": manual_dir or None,
            **({"config": config} if config else {}),
        },
    )
