"""One run of a signature, within what its request may ask for and how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from serving.server.api.image_limit import check_pictures
from serving.server.errors import ServingError, as_serving_error
from serving.server.models.servable import Runner


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What every request of this server may ask for.

    Attributes:
        max_image_pixels: Larger pictures are refused before decoding; 0 is no limit.
    """

    max_image_pixels: int = 0


@dataclass(frozen=True, kw_only=True)
class CallOptions:
    """What holds for one request.

    Attributes:
        limits: What it may ask for.
        until: When its client gives up, on the clock of `time.monotonic`; None is
            never.
        checks_method_names: Whether Classify and Regress compare the method name of
            the signature.
    """

    limits: Limits = field(default_factory=Limits)
    until: float | None = None
    checks_method_names: bool = False


def run(
    runner: Runner,
    signature_name: str,
    inputs: Mapping[str, np.ndarray],
    outputs: set[str],
    options: CallOptions,
) -> dict[str, np.ndarray]:
    """Runs a signature whose inputs are complete.

    Raises:
        ServingError: In TensorFlow Serving's words, or in those of the graph.
    """
    if options.limits.max_image_pixels:
        for name, array in inputs.items():
            if array.dtype == object:
                check_pictures(name, array, options.limits.max_image_pixels)
    try:
        return runner.run(signature_name, inputs, outputs, until=options.until)
    except ServingError:
        raise
    except Exception as err:  # whatever a graph raises belongs to this request only
        raise as_serving_error(err) from err
