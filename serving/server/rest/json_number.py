"""Decimal numbers as the text that TensorFlow Serving writes."""

from __future__ import annotations

import numpy as np

ROUND_TRIP_DIGITS = {np.dtype(np.float32): 9, np.dtype(np.float64): 17}
_WORDS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def format_decimals(array: np.ndarray) -> list[str]:
    """Returns numbers as text: six digits where these are exact, else all digits.

    >>> format_decimals(np.array([1, 0.1, 1e9, 1 / 3], np.float32))
    ['1.0', '0.1', '1e+09', '0.333333343']
    """
    digits = ROUND_TRIP_DIGITS[array.dtype]
    values = array.ravel()
    texts = [f"{value:g}" for value in values.tolist()]
    exact = np.array(texts, array.dtype) == values
    return [
        _finish(text if is_exact else f"{value:.{digits}g}")
        for text, value, is_exact in zip(
            texts, values.tolist(), exact.tolist(), strict=True
        )
    ]


def _finish(text: str) -> str:
    if text in _WORDS:
        return _WORDS[text]
    return text if "." in text or "e" in text else f"{text}.0"
