"""What decisions cost, told by whoever runs the business.

A configuration holds these, so nothing but the standard library is imported here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class DecisionCosts:
    """What one photo costs, in any one unit.

    Attributes:
        automatic: Decided without a person, right or wrong.
        manual: Left to a person.
        missed: Added where something is there and nothing was said.
        false_alarm: Added where nothing is there and something was said.
    """

    automatic: float = 0.0
    manual: float
    missed: float
    false_alarm: float

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not is_number or not math.isfinite(value) or value < 0:
                raise ValueError(
                    f"the cost {name!r} must be a number, 0 or more, got {value!r};"
                    " give all costs in one unit"
                )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DecisionCosts:
        """Reads what `to_dict` gave.

        Raises:
            ValueError: A cost is missing, unknown, negative or no number.
        """
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(values) - set(known))
        missing = sorted(set(known) - set(values) - {"automatic"})
        if unknown or missing:
            raise ValueError(
                f"costs must be {known}, 'automatic' may be left out; unknown:"
                f" {unknown}, missing: {missing}"
            )
        return cls(**values)

    def to_dict(self) -> dict[str, float]:
        """Returns the costs by name."""
        return asdict(self)
