"""The name of one way to spoil a photo; `corruptions` does it.

It is free of NumPy and OpenCV, so that a configuration can be checked at once.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("blur", "noise", "snow", "frost", "fog", "brightness", "jpeg")
STRENGTHS = (1, 2, 3, 4, 5)
CORRUPTION_FEATURE = "corruption"  # of a spoiled copy, its value is the label


@dataclass(frozen=True, order=True)
class Corruption:
    """One way to spoil a photo.

    Attributes:
        kind: A name of `KINDS`.
        strength: 1 weak to 5 strong.

    Example:
        >>> Corruption("fog", 2).label
        'fog 2'
        >>> Corruption.from_label("fog 2")
        Corruption(kind='fog', strength=2)
    """

    kind: str
    strength: int

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"a corruption must be one of {', '.join(KINDS)}, got {self.kind!r}"
            )
        if isinstance(self.strength, bool) or self.strength not in STRENGTHS:
            raise ValueError(
                f"the strength of {self.kind!r} must be 1 to 5, got {self.strength!r}"
            )

    @property
    def label(self) -> str:
        """Its name as the value of a slice."""
        return f"{self.kind} {self.strength}"

    @classmethod
    def from_label(cls, label: str) -> Corruption:
        """Reads a label back.

        Raises:
            ValueError: It is no label of a corruption.
        """
        kind, _, strength = label.partition(" ")
        return cls(kind, int(strength) if strength.isdecimal() else -1)
