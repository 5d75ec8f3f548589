"""Photos in, masks and overlays out, by a server that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serving.client import ModelMetadata, ServingError, connect
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.predict_all import Outcome, predict_all
from tfx_pipeline.cli.predict_classes import Classes, named_classes
from tfx_pipeline.cli.predict_files import OutputFolder
from tfx_pipeline.cli.predict_inputs import PhotoFile

DEFAULT_TIMEOUT_S = 60.0
_WAYS_OUT = {
    "UNAVAILABLE": "; start a server with `carseg serve`, or name --model DIR",
    "NOT_FOUND": "; --model-name NAME says what the server calls its model",
}


@dataclass(frozen=True, kw_only=True)
class ServedPhotos:
    """What became of the photos, and which model answered with which classes."""

    outcome: Outcome
    metadata: ModelMetadata
    classes: Classes


def predict_served(
    url: str,
    photos: Sequence[PhotoFile],
    taxonomy: Taxonomy | None,
    out: OutputFolder,
    *,
    model_name: str,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> ServedPhotos:
    """Predicts every photo; see `predict_all` for those that fail.

    Raises:
        ConnectionError: The server does not answer, or does not have the model.
    """
    try:
        with connect(url, model=model_name, timeout_s=timeout_s) as client:
            metadata = client.metadata()
            classes = named_classes(metadata, taxonomy)
            outcome = predict_all(client, photos, classes, out)
    except ServingError as err:
        way_out = _WAYS_OUT.get(err.status, "")
        raise ConnectionError(f"{url}: {err}{way_out}") from err
    return ServedPhotos(outcome=outcome, metadata=metadata, classes=classes)
