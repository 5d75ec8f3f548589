"""What one check of `carseg doctor` found, and how a list of them is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """The result of one check.

    Attributes:
        name: What was looked at, in one or two words.
        status: `fail` means that carseg will not work here, `warn` that it may not.
        found: What is the case, with the value.
        remedy: How to mend it; empty only when `status` is `ok`.
    """

    name: str
    status: Status
    found: str
    remedy: str = ""


def is_healthy(checks: Sequence[Check]) -> bool:
    """True when nothing is broken; warnings do not count."""
    return all(check.status != "fail" for check in checks)


def to_table(checks: Sequence[Check]) -> str:
    """Returns one row per check, the remedy below it, and a closing count.

    Example:
        >>> print(to_table([Check("disk", "fail", "0.5 GiB free", "free some space")]))
        fail  disk  0.5 GiB free
                    to mend: free some space
        0 ok, 0 warnings, 1 broken
    """
    width = max((len(check.name) for check in checks), default=0)
    lines = []
    for check in checks:
        lines.append(f"{check.status:<4}  {check.name:<{width}}  {check.found}")
        if check.remedy:
            lines.append(f"{'':<{6 + width}}  to mend: {check.remedy}")
    count = {
        status: sum(check.status == status for check in checks)
        for status in ("ok", "warn", "fail")
    }
    lines.append(f"{count['ok']} ok, {count['warn']} warnings, {count['fail']} broken")
    return "\n".join(lines)


def to_json(checks: Sequence[Check]) -> str:
    """Returns one JSON object: `healthy` and the list `checks`."""
    return json.dumps(
        {"healthy": is_healthy(checks), "checks": [asdict(check) for check in checks]},
        indent=2,
    )
