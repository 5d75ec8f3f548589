"""What the metrics need of the taxonomy: names by id, the background, the void id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.segmentation_metrics.confusion import VOID_ID


@dataclass(frozen=True)
class ClassNames:
    """Classes of one task.

    Attributes:
        names: By class id, 0..n-1.
        background_id: The class that means "none of the others", if there is one.
        void_id: Mask value of pixels that do not count.
    """

    names: tuple[str, ...]
    background_id: int | None
    void_id: int = VOID_ID

    @classmethod
    def from_taxonomy(cls, taxonomy: Mapping[str, Any]) -> ClassNames:
        """Reads the taxonomy's JSON form.

        Raises:
            ValueError: A key is missing, or ids are not 0..n-1.
        """
        try:
            names = {
                int(entry["id"]): str(entry["name"]) for entry in taxonomy["classes"]
            }
        except KeyError as err:
            raise ValueError(
                f"the taxonomy has no {err}; pass Taxonomy.to_dict() with 'classes' of"
                " id and name"
            ) from err
        if not names or sorted(names) != list(range(len(names))):
            raise ValueError(
                f"class ids must be 0..n-1 without a gap, got {sorted(names)}; number"
                " the taxonomy's classes in order"
            )
        return cls(
            names=tuple(names[key] for key in sorted(names)),
            background_id=taxonomy.get("background_id"),
            void_id=int(taxonomy.get("void_id", VOID_ID)),
        )
