"""Approval and pusher in little pipelines: what a signature lets pass, and reruns."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.model_approval.decision import NOT_ASKED
from components.model_approval.signed_file import SignedFile
from tests.components.model_pusher.drawn_package import draw_package
from tfx_pipeline.runners.run_history import latest_run

pytestmark = pytest.mark.integration

NAME = "approval"


@dataclass(frozen=True)
class Done:
    """States by node, and what approval and pusher wrote."""

    states: dict[str, str]
    approval: dict[str, Any]
    properties: dict[str, Any]
    text: str
    pushed: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A folder with a drawn package, where pipelines run."""

    root: Path

    def served_record(self) -> dict[str, Any]:
        record = self.root / "served/car/BLESSED.json"
        return json.loads(record.read_text("utf-8"))

    def run(self, text: str | None, *, served: int = 1) -> Done:
        """Runs the pipeline with the cache, on what a person wrote."""
        # Not from `tfx.v1`, which takes twice as long to load.
        from tfx.orchestration import metadata
        from tfx.orchestration.local.local_dag_runner import LocalDagRunner
        from tfx.orchestration.pipeline import Pipeline

        LocalDagRunner().run(
            Pipeline(
                pipeline_name=NAME,
                pipeline_root=str(self.root / "pipeline"),
                components=self._nodes(text, served),
                enable_cache=True,
                metadata_connection_config=(
                    metadata.sqlite_metadata_connection_config(
                        str(self.root / "metadata.sqlite")
                    )
                ),
            )
        )
        return self._read()

    def _nodes(self, text: str | None, served: int) -> list[Any]:
        from components.model_approval.component import ModelApproval
        from components.model_pusher.component import ModelPusher

        model = self._bring("Model", "model", {"packaged": 1})
        gate = self._bring("ModelBlessing", "gate", {"blessed": 1})
        check = self._bring("InfraBlessing", f"check{served}", {"blessed": served})
        approval = ModelApproval(
            model=model.outputs["result"],
            infra_blessing=check.outputs["result"],
            model_name="car",
            signed_file=SignedFile(path="approval.yaml", text=text),
        )
        pusher = ModelPusher(
            model=model.outputs["result"],
            model_blessing=gate.outputs["result"],
            infra_blessing=check.outputs["result"],
            approval=approval.outputs["approval"],
            directory=str(self.root / "served"),
            model_name="car",
        )
        return [model, gate, check, approval, pusher]

    def _bring(self, kind: str, folder: str, properties: dict[str, Any]) -> Any:
        from tfx.dsl.components.common.importer import Importer
        from tfx.types import standard_artifacts

        (self.root / folder).mkdir(exist_ok=True)
        return Importer(
            source_uri=str(self.root / folder),
            artifact_type=getattr(standard_artifacts, kind),
            custom_properties=properties,
        ).with_id(f"Bring{kind}")

    def _read(self) -> Done:
        record = latest_run(str(self.root / "metadata.sqlite"), NAME)
        assert record is not None
        approval = record.output("ModelApproval", "approval")
        pushed = record.output("ModelPusher", "pushed_model")
        assert approval is not None and pushed is not None
        return Done(
            states={stage.node: stage.state for stage in record.stages},
            approval=json.loads(Path(approval.uri, "approval.json").read_text("utf-8")),
            properties={
                name: value.int_value or value.string_value
                for name, value in approval.custom_properties.items()
            },
            text=Path(approval.uri, "approval.txt").read_text("utf-8"),
            pushed=json.loads(Path(pushed.uri, "push.json").read_text("utf-8")),
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    draw_package(tmp_path / "model/Format-Serving", 5)
    return Place(tmp_path)


def expected_hash(folder: Path) -> str:
    """Names and hashes of the files in order, without the card that describes them."""
    files = sorted(
        (path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "card.json")
    )
    words = "".join(
        f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0"
        for name, path in files
    )
    return hashlib.sha256(words.encode()).hexdigest()


def test_a_signature_pushes_the_model_and_reruns_only_where_it_changed(
    place: Place,
) -> None:
    model = expected_hash(place.root / "model/Format-Serving")
    signed = {"model": model, "approved_by": "Kim Ström", "reason": "seen: all fine"}
    text = yaml.safe_dump(signed, allow_unicode=True)

    asked = place.run(None)

    (sentence,) = asked.approval["reasons"]
    assert f"'model: {model}'" in sentence and "no such file" in sentence
    assert asked.pushed == {"pushed": False, "reasons": [sentence]}
    assert json.loads(asked.properties["reasons"]) == [sentence]
    assert asked.properties["approved"] == ""  # an int of 0
    assert not (place.root / "served").exists()

    approved = place.run(text)

    assert approved.states["ModelApproval"] == "DONE"
    assert approved.states["ModelPusher"] == "DONE"
    assert approved.text == "APPROVED: car by Kim Ström: seen: all fine\n"
    assert approved.properties["approved"] == 1
    assert approved.approval["file_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert approved.pushed["is_new"] is True
    names = {"approved_by": "Kim Ström", "reason": "seen: all fine"}
    assert approved.pushed["approval"] == names
    record = place.served_record()
    assert {name: record[name] for name in names} == names
    assert record["model_sha256"] == model
    assert record["approval"]["summary"] == approved.text.strip()

    again = place.run(text)

    assert again.states["ModelApproval"] == again.states["ModelPusher"] == "CACHED"
    assert again.approval == approved.approval
    assert place.served_record() == record

    edited = place.run(text.replace("all fine", "two scratches"))

    assert edited.states["ModelApproval"] == edited.states["ModelPusher"] == "DONE"
    assert edited.approval["reason"] == "seen: two scratches"
    assert edited.pushed["is_new"] is False
    assert place.served_record() == record  # it says who allowed that push


def test_nobody_is_asked_where_the_serving_check_refused(place: Place) -> None:
    done = place.run("model: x", served=0)

    assert done.approval["reasons"] == [NOT_ASKED]
    assert done.approval["model_sha256"] is None
    assert done.pushed["reasons"] == ["the serving validation did not bless the model"]
    assert not (place.root / "served").exists()
