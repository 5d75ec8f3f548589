from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from tfx.types import channel_utils, standard_artifacts

from components.artifacts import DatasetAudit, GateVerdict
from components.model_packager.component import ModelPackager
from components.model_packager.executor import NOT_BLESSED, Executor
from components.model_packager.manifest import verify_manifest
from tests.components.model_packager.test_refusals import save
from tests.serving.drawn_model import TAXONOMY

pytestmark = pytest.mark.integration


def artifact(kind: type, uri: Path, **files: Any) -> Any:
    """Returns an artifact with JSON files, by their names without the ending."""
    made = kind()
    made.uri = str(uri)
    uri.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (uri / f"{name}.json").write_text(json.dumps(content), "utf-8")
    return made


def make_node(**options: Any) -> ModelPackager:
    return ModelPackager(
        model=channel_utils.as_channel([standard_artifacts.Model()]),
        blessing=channel_utils.as_channel([standard_artifacts.ModelBlessing()]),
        **{
            "model_name": "colours",
            "taxonomy": TAXONOMY,
            "target_version": tf.__version__,
        }
        | options,
    )


def run(tmp_path: Path, model: Path, *, blessed: int, **inputs: Any) -> Any:
    blessing = artifact(standard_artifacts.ModelBlessing, tmp_path / "blessing")
    blessing.set_int_custom_property("blessed", blessed)
    packaged = artifact(standard_artifacts.Model, tmp_path / "packaged")
    node = make_node(limits=["Not at night."], warmup_batch_sizes=[1, 2])
    Executor().Do(
        {
            "model": [artifact(standard_artifacts.Model, model)],
            "blessing": [blessing],
            **{name: [value] for name, value in inputs.items()},
        },
        {"packaged_model": [packaged]},
        dict(node.exec_properties),
    )
    report = json.loads((tmp_path / "packaged/package.json").read_text("utf-8"))
    properties = packaged.get_int_custom_property("packaged")
    reasons = json.loads(packaged.get_string_custom_property("reasons"))
    assert report == {"packaged": bool(properties), "reasons": reasons}
    return packaged, reasons


def evaluation(folder: Path) -> Any:
    """Returns what the Evaluator would write, with the metrics of one model."""
    from tensorflow_model_analysis.proto import metrics_for_slice_pb2

    folder.mkdir()
    with tf.io.TFRecordWriter(str(folder / "metrics-00000-of-00001.tfrecord")) as out:
        for view, value in ((None, 0.75), (b"rear", 0.5)):
            entry = metrics_for_slice_pb2.MetricsForSlice()
            if view:
                entry.slice_key.single_slice_keys.add(column="view", bytes_value=view)
            item = entry.metric_keys_and_values.add()
            item.key.name = "miou"
            item.value.double_value.value = value
            out.write(entry.SerializeToString())
    return artifact(standard_artifacts.ModelEvaluation, folder)


def test_a_blessed_model_is_packaged_with_what_is_known_of_it(
    tmp_path: Path, trained: Path
) -> None:
    verdict = {
        "blessed": True,
        "reasons": [],
        "rules": [{"passed": True, "sentence": "it is good"}],
    }
    splits = {"train": {"examples": 9, "groups": 3}, "eval": {"examples": 2}}
    packaged, reasons = run(
        tmp_path,
        trained,
        blessed=1,
        verdict=artifact(GateVerdict, tmp_path / "verdict", verdict=verdict),
        audit=artifact(DatasetAudit, tmp_path / "audit", audit={"splits": splits}),
        evaluation=evaluation(tmp_path / "evaluation"),
    )
    folder = Path(packaged.uri, "Format-Serving")
    assert reasons == []
    assert verify_manifest(str(folder)) == []
    card = json.loads((folder / "assets.extra/card.json").read_text("utf-8"))
    assert card["data"]["splits"] == {"eval": 2, "train": 9}
    assert card["gate"]["passed"] == ["it is good"]
    assert card["limits"][0] == "Not at night."
    assert card["figures"] == [
        {"slice": {}, "metrics": {"miou": 0.75}},
        {"slice": {"view": "rear"}, "metrics": {"miou": 0.5}},
    ]
    assert len(packaged.get_string_custom_property("manifest_sha256")) == 64


def test_a_model_that_is_not_blessed_is_not_packaged(
    tmp_path: Path, trained: Path
) -> None:
    verdict = {"blessed": False, "reasons": ["miou is too low"], "rules": []}
    packaged, reasons = run(
        tmp_path,
        trained,
        blessed=0,
        verdict=artifact(GateVerdict, tmp_path / "verdict", verdict=verdict),
    )
    assert reasons == [NOT_BLESSED, "miou is too low"]
    assert [path.name for path in Path(packaged.uri).iterdir()] == ["package.json"]


def test_a_model_that_runs_python_is_refused_by_the_operations_name(
    tmp_path: Path,
) -> None:
    save(
        tmp_path / "bad/Format-Serving",
        lambda x: tf.ensure_shape(tf.py_function(lambda y: y, [x], x.dtype), [None]),
    )
    packaged, reasons = run(tmp_path, tmp_path / "bad", blessed=1)
    assert packaged.get_int_custom_property("packaged") == 0
    assert reasons and all("operation EagerPyFunc" in reason for reason in reasons)
    assert not Path(packaged.uri, "Format-Serving").exists()


def test_the_node_refuses_a_target_that_is_no_version() -> None:
    with pytest.raises(ValueError, match=r"package\.target_version must be written"):
        make_node(target_version="newest")


def test_the_node_carries_what_can_change_its_output() -> None:
    properties = make_node(intended_use="Cars.", code_fingerprint="abc").exec_properties
    assert properties["intended_use"] == "Cars."
    assert properties["code_fingerprint"] == "abc"
    assert json.loads(properties["taxonomy"]) == TAXONOMY
