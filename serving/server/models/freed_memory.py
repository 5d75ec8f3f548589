"""Gives the memory of what was unloaded back to the operating system."""

from __future__ import annotations

import ctypes
import gc


def give_back() -> None:
    """Call after a large object of TensorFlow is let go.

    A graph is a cycle of Python objects that holds C++ memory: it would stay until
    Python happens to look for cycles. And the C library keeps what is freed, apart for
    each group of threads: every swap of versions would hold another model's worth.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # glibc's; other C libraries have no such call
        trim(0)
