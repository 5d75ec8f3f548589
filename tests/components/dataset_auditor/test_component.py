import json
from pathlib import Path

import pytest

from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_photo,
    make_record,
    write_records,
)

pytestmark = pytest.mark.integration


def write_set(folder, leak=False):
    splits = {"train": range(4), "eval": range(10, 12), "test": range(20, 22)}
    for split, seeds in splits.items():
        records = [make_record(f"{split}{seed}", seed) for seed in seeds]
        if leak and split == "test":
            records.append(make_record("leak", photo=draw_photo(2)))
        write_records(folder / split / "data.tfrecord", records)


def write_skipped(folder):
    folder.mkdir()
    entry = {"source": "/srv/photos/a.jpg", "split": None, "reason": "has no mask"}
    listed = {"read": 40, "share": 0.025, "skipped": [entry]}
    (folder / "skipped.json").write_text(json.dumps(listed), "utf-8")
    return str(folder)


def run_pipeline(tmp_path):
    from tfx import v1 as tfx
    from tfx.proto import example_gen_pb2

    from components.artifacts import SkippedSources
    from components.dataset_auditor.component import DatasetAuditor
    from tests.components.dataset_auditor.later_node import LaterNode

    patterns = [
        example_gen_pb2.Input.Split(name=name, pattern=f"{name}/*")
        for name in ("train", "eval", "test")
    ]
    gen = tfx.components.ImportExampleGen(
        input_base=str(tmp_path / "set"),
        input_config=example_gen_pb2.Input(splits=patterns),
    )
    skipped = tfx.dsl.Importer(
        source_uri=write_skipped(tmp_path / "skipped"), artifact_type=SkippedSources
    ).with_id("Skipped")
    auditor = DatasetAuditor(
        examples=gen.outputs["examples"],
        skipped=skipped.outputs["result"],
        task="car",
        taxonomy=TAXONOMY,
        code_fingerprint="abc",
    )
    blessed = auditor.outputs["audit"].future()[0].custom_property("blessed")
    with tfx.dsl.Cond(blessed == 1):
        later = LaterNode(marker_file=str(tmp_path / "later ran"))
    tfx.orchestration.LocalDagRunner().run(
        tfx.dsl.Pipeline(
            pipeline_name="audit",
            pipeline_root=str(tmp_path / "root"),
            components=[gen, skipped, auditor, later],
            metadata_connection_config=(
                tfx.orchestration.metadata.sqlite_metadata_connection_config(
                    str(tmp_path / "metadata.sqlite")
                )
            ),
        )
    )
    (found,) = (tmp_path / "root").glob("DatasetAuditor/audit/*/audit.json")
    return json.loads(found.read_text("utf-8"))


def test_a_blessed_set_lets_the_next_node_run(tmp_path):
    write_set(tmp_path / "set")
    report = run_pipeline(tmp_path)
    assert report["blessed"] and report["reasons"] == []
    assert {name: row["examples"] for name, row in report["splits"].items()} == {
        "eval": 2,
        "test": 2,
        "train": 4,
    }
    assert [finding["detail"] for finding in report["findings"]] == [
        "a.jpg: has no mask"
    ]
    assert (tmp_path / "later ran").exists()


def test_a_refused_set_ends_the_run_without_an_error(tmp_path):
    write_set(tmp_path / "set", leak=True)
    report = run_pipeline(tmp_path)
    assert report["reasons"] == [
        "pictures in two splits: 1, allowed are 0 (max_exact_duplicates)"
    ]
    assert not (tmp_path / "later ran").exists()


def test_the_executor_reads_anomalies_and_sets_the_properties(tmp_path):
    from tensorflow_metadata.proto.v0 import anomalies_pb2
    from tfx.types import standard_artifacts

    from components.artifacts import DatasetAudit
    from components.dataset_auditor.executor import Executor
    from components.dataset_auditor.tolerances import AuditTolerances

    write_set(tmp_path / "set")
    for split in ("train", "eval", "test"):
        target = tmp_path / "examples" / f"Split-{split}"
        target.mkdir(parents=True)
        source = tmp_path / "set" / split / "data.tfrecord"
        source.rename(target / "data_tfrecord-00000-of-00001")
    examples = standard_artifacts.Examples()
    examples.uri, examples.split_names = str(tmp_path / "examples"), '["train","test"]'
    found = anomalies_pb2.Anomalies()
    info = found.anomaly_info["view"]
    info.path.step.append("view")
    info.short_description = "Unexpected string values"
    info.description = "Examples contain values missing from the schema: rear."
    found.dataset_anomaly_info.short_description = "High num examples"
    for split, content in (("train", found), ("test", anomalies_pb2.Anomalies())):
        folder = tmp_path / "anomalies" / f"Split-{split}"
        folder.mkdir(parents=True)
        (folder / "SchemaDiff.pb").write_bytes(content.SerializeToString())
    anomalies = standard_artifacts.ExampleAnomalies()
    anomalies.uri, anomalies.split_names = (
        str(tmp_path / "anomalies"),
        '["train","test"]',
    )
    audit = DatasetAudit()
    audit.uri = str(tmp_path / "audit")

    Executor().Do(
        {"examples": [examples], "anomalies": [anomalies]},
        {"audit": [audit]},
        {
            "task": "car",
            "taxonomy": json.dumps(TAXONOMY),
            "tolerances": json.dumps(AuditTolerances().to_dict()),
            "slice_features": '["view"]',
            "code_fingerprint": "",
        },
    )

    assert audit.get_int_custom_property("blessed") == 0
    assert json.loads(audit.get_string_custom_property("reasons")) == [
        "anomalies of ExampleValidator: 2, allowed are 0 (max_anomalies)"
    ]
    report = json.loads(Path(audit.uri, "audit.json").read_text("utf-8"))
    assert sorted(report["splits"]) == ["test", "train"]
    assert report["anomalies"] == {
        "test": [],
        "train": [
            "dataset: High num examples.",
            "view: Unexpected string values. Examples contain values missing from the"
            " schema: rear.",
        ],
    }
