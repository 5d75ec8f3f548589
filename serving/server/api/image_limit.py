"""Refuses pictures of too many pixels before anything decodes them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from google.protobuf.message import DecodeError
from tensorflow.core.example import example_pb2

from serving.server.api.picture_size import STARTS, picture_size
from serving.server.errors import InvalidArgumentError

_EXAMPLE_START = b"\n"  # the field `features` of a tf.Example


def check_pictures(name: str, strings: np.ndarray, max_pixels: int) -> None:
    """Passes where no element is a picture above the limit.

    Looks at strings that begin like a picture, and at pictures inside a tf.Example.

    Raises:
        InvalidArgumentError: Names the first such element as `image_bytes[2]`.
    """
    for number, data in enumerate(strings.ravel().tolist()):
        for feature, picture in _pictures(data):
            size = picture_size(picture)
            if size is not None and size[0] * size[1] > max_pixels:
                index = np.unravel_index(number, strings.shape)
                place = f"{name}[{','.join(map(str, index))}]" if index else name
                raise InvalidArgumentError(
                    f"{feature}{place} must have at most {max_pixels} pixels, got"
                    f" {size[0]}x{size[1]}; scale the photo down, or start the server"
                    " with a larger --max_image_pixels"
                )


def _pictures(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields what may be a picture, with words for where it was found."""
    if data.startswith(STARTS):
        yield "", data
    elif data.startswith(_EXAMPLE_START):
        try:
            features = example_pb2.Example.FromString(data).features.feature
        except DecodeError:  # then it is no example, and the graph will say so
            return
        for name in sorted(features):
            for value in features[name].bytes_list.value:
                yield f"{name} of ", value
