"""What a pipeline was compiled with, and what has to be so where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class CompiledFacts:
    """Facts that were looked up while compiling, and stand in the nodes after that.

    Attributes:
        builder: Dotted path of the dataset's builder.
        taxonomy: JSON form of the task's taxonomy.
        own_slices: Features to slice by that only this builder's records have.
        code_fingerprints: Node to the hash of the sources that it runs.
    """

    builder: str
    taxonomy: Mapping[str, Any]
    own_slices: tuple[str, ...]
    code_fingerprints: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; the inverse of `from_dict`."""
        return {
            "builder": self.builder,
            "taxonomy": dict(self.taxonomy),
            "own_slices": list(self.own_slices),
            "code_fingerprints": dict(self.code_fingerprints),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CompiledFacts:
        """Reads the JSON form."""
        return cls(**{**values, "own_slices": tuple(values["own_slices"])})

    def check_code(self, installed: Mapping[str, str]) -> None:
        """Refuses an image whose sources are not those that were compiled from.

        The hashes are cache keys: with other code behind them, a later run would take
        results of code that it does not run.
        """
        differing = [
            node
            for node, expected in sorted(self.code_fingerprints.items())
            if installed.get(node) != expected
        ]
        if differing:
            raise ValueError(
                "the image was built from other sources than the pipeline was compiled"
                f" from ({', '.join(differing)} differ); build it anew, or compile from"
                " the image's checkout"
            )

    def check_dataset(
        self,
        dataset: str,
        taxonomies: Mapping[str, Mapping[str, Any]],
        own_slices: tuple[str, ...],
    ) -> None:
        """Refuses a dataset whose records are others than the nodes were wired for.

        Args:
            dataset: Its name, for the sentence.
            taxonomies: Task to JSON form of its taxonomy.
            own_slices: What only its records may be sliced by.
        """
        task = self.taxonomy["task"]
        found = taxonomies.get(task)
        if found is None:
            difference = f"has no task {task!r}, only {', '.join(sorted(taxonomies))}"
        elif found != dict(self.taxonomy):
            names = sorted(
                name
                for name in {*found, *self.taxonomy}
                if found.get(name) != self.taxonomy.get(name)
            )
            difference = f"has another taxonomy of {task!r} ({', '.join(names)} differ)"
        elif own_slices != self.own_slices:
            difference = (
                f"has the slicing features {', '.join(own_slices) or 'of every record'}"
                f" in place of {', '.join(self.own_slices) or 'those'}"
            )
        else:
            return
        raise ValueError(
            "the dataset of a run must be like the one that was compiled for,"
            f" {dataset} {difference}; compile anew with --dataset {dataset}"
        )
