"""Names of the conditions that `photo_conditions` derives, free to import.

Each is a feature that slices may name.
"""

from __future__ import annotations

BRIGHTNESS, BLUR, OBJECT_SIZE = "brightness", "blur", "object_size"
CONDITIONS = (BRIGHTNESS, BLUR, OBJECT_SIZE)
