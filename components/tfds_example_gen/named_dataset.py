"""From a dataset's short name to its builder, and to what its records hold."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.dotted_path import import_by_path
from components.tfds_example_gen.prepare import import_builder


@dataclass(frozen=True, kw_only=True)
class NamedDataset:
    """A builder by its dotted path, with all its arguments but `data_dir`."""

    builder: str
    builder_kwargs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """What the records of a dataset hold, before any is built.

    Attributes:
        taxonomies: Task to JSON form of its taxonomy.
        own_slices: Features to slice by that only this builder's records have.
    """

    taxonomies: Mapping[str, Mapping[str, Any]]
    own_slices: tuple[str, ...]


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


def read_record_facts(named: NamedDataset) -> RecordFacts:
    """Returns what a builder says of its records; photos are not looked at.

    Raises:
        TypeError: The builder does not take one of the arguments.
    """
    with tempfile.TemporaryDirectory(prefix="carseg-data-") as folder:
        builder = import_builder(named.builder)(data_dir=folder, **named.builder_kwargs)
        return RecordFacts(
            taxonomies={
                task: taxonomy.to_dict()
                for task, taxonomy in builder.taxonomies().items()
            },
            own_slices=tuple(builder.SLICE_FEATURES),
        )
