"""Reads a Dockerfile into stages of instructions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_FLAG = re.compile(r"--([a-z]+)=(\S+)\s+")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})")


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One instruction.

    Attributes:
        line: Where it begins, from 1.
        name: In capitals.
        flags: The words before the value, such as {"from": "build"}.
        value: What follows, joined to one line, variables as they are written.
    """

    line: int
    name: str
    flags: Mapping[str, str]
    value: str


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What stands from one FROM to the next.

    Attributes:
        image: After FROM, variables replaced.
        name: After AS, empty without one.
        instructions: Those after the FROM.
    """

    image: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


def read_instructions(text: str) -> list[Instruction]:
    """Returns all instructions; comments and the ends of lines are gone."""
    found: list[Instruction] = []
    begin, parts = 0, []
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        begin = begin or number
        if line.rstrip().endswith("\\"):
            parts.append(line.rstrip().removesuffix("\\").strip())
            continue
        found.append(_instruction(begin, " ".join([*parts, line.strip()])))
        begin, parts = 0, []
    return found


def read_stages(text: str) -> list[Stage]:
    """Returns the stages; an ARG before them has its default in FROMs."""
    defaults: dict[str, str] = {}
    stages: list[Stage] = []
    for one in read_instructions(text):
        if one.name == "FROM":
            image, _, name = one.value.partition(" AS ")
            stages.append(Stage(image=expand(image, defaults), name=name))
        elif stages:
            stages[-1].instructions.append(one)
        else:
            name, _, value = one.value.partition("=")
            assert one.name == "ARG", one
            defaults[name] = value
    return stages


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Replaces $NAME, ${NAME} and ${NAME:-default}; what is not set is empty."""
    return _VARIABLE.sub(
        lambda found: variables.get(found[1] or found[2]) or found[3] or "", text
    )


def _instruction(line: int, text: str) -> Instruction:
    name, _, value = text.partition(" ")
    flags = {}
    while found := _FLAG.match(value):
        flags[found[1]] = found[2]
        value = value[found.end() :]
    return Instruction(line=line, name=name.upper(), flags=flags, value=value.strip())
