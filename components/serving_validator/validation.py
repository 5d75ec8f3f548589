"""What the validation found: may the model be pushed, and every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was tried: `name` for programs, `sentence` for people."""

    name: str
    passed: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Validation:
    """All that was tried with one model.

    Attributes:
        model_name: Under which it was served.
        checks: In the order in which they were made; a failed start ends them.
        figures: Name to number: seconds, milliseconds, megabytes.
        masks: An entry per photo and protocol, with differing pixels.
        server_log: The last lines; empty where all is well.
    """

    model_name: str
    checks: Sequence[Check]
    figures: Mapping[str, float] = field(default_factory=dict)
    masks: Sequence[Mapping[str, Any]] = ()
    server_log: Sequence[str] = ()

    @property
    def blessed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def reasons(self) -> list[str]:
        """Sentences of the checks that failed."""
        return [check.sentence for check in self.checks if not check.passed]

    def to_dict(self) -> dict[str, Any]:
        """Returns `validation.json`."""
        return {
            "model_name": self.model_name,
            "blessed": self.blessed,
            "reasons": self.reasons,
            "checks": [vars(check) for check in self.checks],
            "figures": dict(self.figures),
            "masks": list(self.masks),
            "server_log": list(self.server_log),
        }

    def to_text(self) -> str:
        """Returns `validation.txt`: the answer, then refusals, then the rest."""
        ordered = sorted(self.checks, key=lambda check: check.passed)
        refused = len(self.reasons)
        title = "BLESSED" if self.blessed else "NOT BLESSED"
        summary = f"{len(ordered) - refused} passed, {refused} REFUSED"
        marks = {True: "passed", False: "REFUSED"}
        lines = [
            f"{title}: {self.model_name} on a server ({summary})",
            "",
            *(
                f"{marks[item.passed]:>10}  {item.name}: {item.sentence}"
                for item in ordered
            ),
            "",
            *(f"{name}: {value:.1f}" for name, value in self.figures.items()),
        ]
        if self.server_log:
            lines += ["", "The server's log ends:", *self.server_log]
        return "\n".join([*lines, ""])
