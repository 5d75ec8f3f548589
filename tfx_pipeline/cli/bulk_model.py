"""The model that a bulk run asks, with the names and colours of its classes."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from components.bulk_inference.asked_model import (
    AskedModel,
    check_weights,
    count_classes,
    model_fingerprint,
)
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.cli.predict_classes import read_taxonomy
from tfx_pipeline.cli.predict_model import find_model
from tfx_pipeline.config.usage_error import UsageError


@dataclass(frozen=True, kw_only=True)
class BulkModel:
    """Who answers.

    Attributes:
        asked: The model, for the workers.
        fingerprint: Another one for other weights.
        taxonomy: Its classes.
    """

    asked: AskedModel
    fingerprint: str
    taxonomy: Taxonomy


def bulk_model(args: argparse.Namespace) -> BulkModel:
    """Returns the model of --model, --taxonomy and --batch; its files are whole.

    Raises:
        UsageError: It cannot answer, or nobody says what its classes are.
    """
    folder = find_model(args.model)
    file = args.taxonomy or folder.taxonomy_file
    if file is None:
        raise UsageError(
            f"the classes of the model must be known, but {args.model!r} has no"
            " assets/taxonomy.json; name its taxonomy with --taxonomy FILE"
        )
    taxonomy = read_taxonomy(Path(file))
    try:
        # Absolute: workers of Beam may stand in another folder.
        asked = AskedModel(folder=str(folder.path.resolve()), batch_size=args.batch)
        count = count_classes(asked)
        check_weights(asked.folder)
        fingerprint = model_fingerprint(asked.folder)
    except (ValueError, OSError) as err:
        raise UsageError(f"--model: {err}") from err
    if taxonomy.num_classes != count:
        raise UsageError(
            f"the taxonomy must have the {count} classes of the model, got"
            f" {taxonomy.num_classes}: {', '.join(taxonomy.names)}; name the model's"
            " own with --taxonomy FILE"
        )
    return BulkModel(asked=asked, fingerprint=fingerprint, taxonomy=taxonomy)
