"""Evaluator, gate and reporter on predictions that stand in the records themselves.

The models look nothing up but what was planted: so every number is known before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from tfx.types import artifact, standard_artifacts

from components.segmentation_metrics.corruption import Corruption
from tests.components.dataset_auditor.drawn_records import (
    draw_photo,
    encode,
    encode_example,
    write_records,
)
from tests.components.evaluation_report.measured_facts import DrawnPhoto

REST_CLASS = "part 2"
FOG = (Corruption("fog", 1), Corruption("fog", 4))


def save_planted_model(folder: Path, mask: str) -> standard_artifacts.Model:
    """A model that answers with the mask `planted/<mask>`, on copies `foggy`."""

    def answer(record: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        text = tf.io.FixedLenFeature([], tf.string, default_value="")
        names = (f"planted/{mask}", "planted/foggy", "planted/confidence", "corruption")
        found = tf.io.parse_single_example(record, dict.fromkeys(names, text))
        is_strong = found["corruption"] == "fog 4"
        png = tf.where(is_strong, found["planted/foggy"], found[f"planted/{mask}"])
        return png, found["planted/confidence"]

    class Model(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "examples")])
        def __call__(self, examples: tf.Tensor) -> dict[str, tf.Tensor]:
            masks, confidence = tf.map_fn(
                answer, examples, fn_output_signature=(tf.string, tf.string)
            )
            return {"mask_png_bytes": masks, "confidence_png_bytes": confidence}

    model = Model()
    signature = model.__call__.get_concrete_function()
    tf.saved_model.save(
        model, str(folder / "Format-Serving"), signatures={"examples": signature}
    )
    found = standard_artifacts.Model()
    found.uri = str(folder)
    return found


def write_examples(folder: Path, photos: Sequence[DrawnPhoto]) -> artifact.Artifact:
    """The photos as test split; the first of them are the train split too."""
    records = [_record(seed, photo) for seed, photo in enumerate(photos)]
    for split, chosen in {"train": records[:6], "test": records}.items():
        write_records(folder / f"Split-{split}/data_tfrecord-00000-of-00001.gz", chosen)
    examples = standard_artifacts.Examples()
    examples.uri, examples.split_names = str(folder), json.dumps(["train", "test"])
    return examples


def run_nodes(
    root: Path,
    photos: Sequence[DrawnPhoto],
    taxonomy: dict[str, Any],
    costs: dict[str, float],
) -> dict[str, Any]:
    """Runs the three nodes; returns the evaluation's folder, the numbers, the page."""
    from tests.components.segmentation_metrics import rule_models

    examples = write_examples(root / "set", photos)
    model = save_planted_model(root / "model", "predicted")
    before = save_planted_model(root / "before", "before")
    evaluation = rule_models.evaluate(
        examples,
        model,
        before,
        root / "evaluation",
        task="car",
        taxonomy=taxonomy,
        slice_features=("view", "corruption"),
        corruptions=FOG,
        rest_class=REST_CLASS,
        inference_batch_size=8,
        replicates=100,
    )
    inputs = {"evaluation": [evaluation], "model": [model], "examples": [examples]}
    verdict = _judge(root, inputs | {"baseline_model": [before]}, taxonomy)
    report = _report(root, inputs | {"verdict": [verdict]}, taxonomy, costs)
    return {
        "evaluation": evaluation.uri,
        "metrics": json.loads((report / "metrics.json").read_text("utf-8")),
        "html": (report / "report.html").read_text("utf-8"),
    }


def _judge(root: Path, inputs: Any, taxonomy: dict[str, Any]) -> artifact.Artifact:
    from components.artifacts import GateVerdict
    from components.model_gate.executor import Executor

    verdict, blessing = GateVerdict(), standard_artifacts.ModelBlessing()
    verdict.uri, blessing.uri = str(root / "verdict"), str(root / "blessing")
    Executor().Do(
        inputs,
        {"verdict": [verdict], "blessing": [blessing]},
        {
            "task": "car",
            "taxonomy": json.dumps(taxonomy),
            "thresholds": json.dumps({"changes": [{"metric": "miou", "margin": 0.1}]}),
            "signature_name": "examples",
            "train_split": "train",
            "test_split": "test",
        },
    )
    return verdict


def _report(
    root: Path, inputs: Any, taxonomy: dict[str, Any], costs: dict[str, float]
) -> Path:
    from components.artifacts import EvaluationReport
    from components.evaluation_report.executor import Executor

    report = EvaluationReport()
    report.uri = str(root / "report")
    Executor().Do(
        inputs,
        {"report": [report]},
        {
            "task": "car",
            "taxonomy": json.dumps(taxonomy),
            "lineage": "{}",
            "costs": json.dumps(costs),
            "photos_per_class": 2,
            "inference_batch_size": 8,
            "test_split": "test",
        },
    )
    return Path(report.uri)


def _record(seed: int, photo: DrawnPhoto) -> bytes:
    height, width = photo.truth.shape
    masks = {
        f"planted/{name}": encode(getattr(photo, name))
        for name in ("predicted", "before", "foggy", "confidence")
    }
    return encode_example(
        {
            "image": encode(draw_photo(seed, width, height)),
            "orientation": 1,
            "mask/car": encode(photo.truth),
            "height": height,
            "width": width,
            "example_id": photo.name,
            "group_id": photo.group,
            "view": photo.view,
            **masks,
        }
    )
