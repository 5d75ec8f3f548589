"""The taxonomy's JSON form as the auditor needs it: ids, names, colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ClassTable:
    """Classes of one task by id.

    Attributes:
        names: Class id to name.
        rgb: Class id to colour.
        background_id: The class that means "none of the others", if there is one.
        void_id: Mask value of pixels that do not count.
    """

    names: Mapping[int, str]
    rgb: Mapping[int, tuple[int, int, int]]
    background_id: int | None
    void_id: int

    @classmethod
    def from_taxonomy(cls, taxonomy: Mapping[str, Any]) -> ClassTable:
        """Reads the taxonomy's JSON form.

        Raises:
            ValueError: A key is missing.
        """
        try:
            classes = taxonomy["classes"]
            return cls(
                names={int(entry["id"]): str(entry["name"]) for entry in classes},
                rgb={
                    int(entry["id"]): (
                        int(entry["rgb"][0]),
                        int(entry["rgb"][1]),
                        int(entry["rgb"][2]),
                    )
                    for entry in classes
                },
                background_id=taxonomy.get("background_id"),
                void_id=int(taxonomy.get("void_id", 255)),
            )
        except KeyError as err:
            raise ValueError(
                f"the taxonomy has no {err}; pass Taxonomy.to_dict() with"
                " 'classes' of id, name and rgb"
            ) from err
