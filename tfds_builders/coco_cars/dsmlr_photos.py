"""Photos of dsmlr that are one picture under two names."""

from __future__ import annotations

from collections.abc import Mapping

# Id to the id whose group it joins. Found by the audit and looked at: the pictures are
# the same, only number plate, brand or brightness were changed, so no bytes are equal.
DSMLR_SAME_PHOTOS: Mapping[str, str] = {
    "trainingset/JPEGImages/train109": "trainingset/JPEGImages/train11",
    "trainingset/JPEGImages/train201": "trainingset/JPEGImages/train162",
    "trainingset/JPEGImages/train67": "trainingset/JPEGImages/train33",
}
