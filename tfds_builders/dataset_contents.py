"""What a dataset's records hold, counted shard by shard and written beside them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tfds_builders.record import DRAWN_ON, Record
from tfds_builders.taxonomy import Taxonomy

CONTENTS_FILE = "contents.json"


@dataclass
class RecordCounts:
    """Sums over records; they do not grow with the data.

    Attributes:
        instances: Task to class id to objects, both as texts, as JSON keeps them.
        drawn_on: Photos by what their annotations were drawn on.
    """

    instances: dict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    drawn_on: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record) -> None:
        """Counts one record; what its instances lack is the audit's to find."""
        for entry in record.instances:
            self.instances[str(entry.get("task"))][str(entry.get("class_id"))] += 1
        self.drawn_on[record.drawn_on] += 1

    def merge(self, fields: Mapping[str, Any]) -> None:
        """Adds the counts of another shard, in their JSON form."""
        for task, counts in fields["instances"].items():
            self.instances[task].update(counts)
        self.drawn_on.update(fields["drawn_on"])

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form."""
        return {"instances": self.instances, "drawn_on": self.drawn_on}


def describe_contents(
    counts: RecordCounts,
    taxonomies: Mapping[str, Taxonomy],
    lists: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Returns what `contents.json` holds.

    Args:
        counts: Of all records.
        taxonomies: Of every task; one whose objects are not listed has no numbers.
        lists: Of `RecordBuilder.side_lists`.
    """
    return {
        "instances": {
            task: {
                entry.name: number
                for entry in taxonomy.classes
                if (number := counts.instances.get(task, Counter())[str(entry.id)])
            }
            for task, taxonomy in taxonomies.items()
        },
        "drawn_on": {name: counts.drawn_on[name] for name in DRAWN_ON},
        "lists": {
            name: {"files": len(paths), "list": _list_file(name)}
            for name, paths in lists.items()
        },
    }


def write_contents(
    contents: Mapping[str, Any], lists: Mapping[str, Sequence[str]], folder: Path
) -> None:
    """Writes `contents.json` and each list of files, by its own name, into a folder."""
    for name, content in [
        *((_list_file(name), list(paths)) for name, paths in lists.items()),
        (CONTENTS_FILE, contents),
    ]:
        # In ASCII: a path may hold bytes that are no UTF-8, and comes back with them.
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", "ascii")


def _list_file(name: str) -> str:
    return f"{name}.json"
