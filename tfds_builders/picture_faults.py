"""Why a picture file cannot be read, in words for its owner."""

from __future__ import annotations

import struct

# What Python says where a header ends early or points elsewhere; Pillow passes it on.
_PYTHONS_OWN = (struct.error, IndexError, KeyError, TypeError)


def fault_of(err: Exception) -> str:
    """Returns the reason of an error of Pillow in one line.

    Pillow's own reasons stay ("image file is truncated"). What Python says of missing
    bytes ("unpack_from requires a buffer of at least 8 bytes") is no reason to a user.

    Example:
        >>> fault_of(SyntaxError("not a TIFF file")), fault_of(struct.error("unpack"))
        ('not a TIFF file', 'it is cut off or damaged')
    """
    if isinstance(err, _PYTHONS_OWN) or isinstance(err.__cause__, _PYTHONS_OWN):
        return "it is cut off or damaged"
    return " ".join(str(err).split()).partition(" <_io")[0] or type(err).__name__
