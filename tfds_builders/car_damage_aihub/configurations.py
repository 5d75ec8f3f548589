"""What each named configuration of the builder reads, and which masks it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tfds_builders.car_damage_aihub.taxonomy import (
    DAMAGE4,
    DAMAGE_BINARY,
    PARTS21,
    PARTS34,
)

Kind = Literal["damage", "damage_part"]
DAMAGE_KIND: Kind = "damage"
PART_KIND: Kind = "damage_part"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """One named configuration.

    Attributes:
        description: A sentence for the list of configurations.
        tasks: Masks of every record.
        listed: A photo is a source where it has a label of one of these kinds.
        unpacked: Archives of these kinds must not lie there still packed.
    """

    description: str
    tasks: tuple[str, ...]
    listed: frozenset[Kind]
    unpacked: frozenset[Kind]


_ALL_TASKS = (DAMAGE_BINARY, DAMAGE4, PARTS34, PARTS21)
_BOTH_KINDS = frozenset({DAMAGE_KIND, PART_KIND})

# The first one is the default.
CONFIGURATIONS: Mapping[str, Configuration] = {
    "all": Configuration(
        description="Every photo with all four masks; void where parts are unlabelled.",
        tasks=_ALL_TASKS,
        listed=_BOTH_KINDS,
        unpacked=_BOTH_KINDS,
    ),
    "damage": Configuration(
        description="Every photo with the masks of damage only.",
        tasks=(DAMAGE_BINARY, DAMAGE4),
        listed=_BOTH_KINDS,
        unpacked=frozenset({DAMAGE_KIND}),
    ),
    "damage_parts": Configuration(
        description="Photos whose parts are labelled, with all four masks.",
        tasks=_ALL_TASKS,
        listed=frozenset({PART_KIND}),
        unpacked=frozenset({PART_KIND}),
    ),
}
