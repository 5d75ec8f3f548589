"""`carseg gate` on answers that are drawn: its lines, its object, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ml_metadata.proto import metadata_store_pb2 as mlmd

from tests.tfx_pipeline.cli.drawn_run import DrawnRun
from tfx_pipeline.cli.main import main

Answers = dict[str, dict[str, Any]]

# Node to output, artifact type and file, as the pipeline has them.
FILES = {
    "DatasetAuditor": ("audit", "components.DatasetAudit", "audit.json"),
    "ModelGate": ("verdict", "GateVerdict", "verdict.json"),
    "ModelPackager": ("packaged_model", "Model", "package.json"),
    "ServingValidator": (
        "validation",
        "components.ServingValidation",
        "validation.json",
    ),
    "ModelApproval": ("approval", "Approval", "approval.json"),
    "ModelPusher": ("pushed_model", "PushedModel", "push.json"),
}


def rule(name: str, passed: bool | None, **fields: Any) -> dict[str, Any]:
    empty = {"metric": None, "slice": {}, "number": None, "bound": None}
    sentence = {"sentence": f"The rule {name} says so."}
    return {"rule": name, "passed": passed} | empty | sentence | fields


PASSED = rule(
    "value", True, metric="miou", number=0.71234, bound=0.5, interval=[0.65, 0.76]
)
CHANGED = rule(
    "change",
    True,
    metric="miou",
    number=0.71,
    bound=0.7,
    change=-0.01,
    interval=[-0.02, 0.004],
)
UNJUDGED = rule("baseline", None)
TABLE = """\
state       rule      metric   photos                    number  95 % interval              bound
REFUSED     value     iou/car  domain=photo, view=front  60                                 1e-05
passed      value     miou     all test photos           0.7123  0.6500 to 0.7600           0.5
not judged  baseline           all test photos
passed      change    miou     all test photos           0.71    change -0.0200 to +0.0040  0.7
"""  # noqa: E501 - as it is printed
SLICED = rule(
    "value",
    False,
    metric="iou/car",
    slice={"domain": "photo", "view": "front"},
    number=60.0,
    bound=0.00001,
)


def verdict(*rules: dict[str, Any]) -> dict[str, Any]:
    reasons = [entry["sentence"] for entry in rules if entry["passed"] is False]
    return {"blessed": not reasons, "reasons": reasons, "rules": list(rules)}


def answer(flag: str, *reasons: str, **fields: Any) -> dict[str, Any]:
    return {flag: not reasons, "reasons": list(reasons)} | fields


def blessed() -> Answers:
    return {
        "DatasetAuditor": answer("blessed"),
        "ModelGate": verdict(PASSED, UNJUDGED),
        "ModelPackager": answer("packaged"),
        "ServingValidator": answer("blessed", checks=[{}] * 9, figures={"load_s": 1.5}),
        "ModelPusher": answer("pushed", sentence="pushed as version 7"),
    }


APPROVED = answer("approved", approved_by="Kim", reason="seen\nthe report")


class Root:
    """A root folder with drawn runs, and the command on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.drawn = DrawnRun(folder)
        self._capsys = capsys

    def add(
        self,
        run_id: str,
        answers: Answers,
        state: int = mlmd.Execution.COMPLETE,
    ) -> None:
        outputs = {}
        for node, content in answers.items():
            output, kind, file = FILES[node.partition("_")[0]]
            folder = f"{run_id}-{node}"
            outputs[node] = {
                output: self.drawn.write_json(kind, folder, {file: content})
            }
        self.drawn.add_run(run_id, outputs, state)

    def gate(self, *arguments: str) -> tuple[int, str]:
        code = main(["gate", str(self.drawn.root), *arguments])
        return code, self._capsys.readouterr().out

    def why(self) -> list[str]:
        return self.gate("--why")[1].splitlines()


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Root:
    return Root(tmp_path / "root", capsys)


def test_a_blessed_model_is_one_line_and_exit_0(root: Root) -> None:
    root.add("2026-01", blessed())

    assert root.gate() == (
        0,
        "model blessed by gate, packager, serving check; pushed as version 7\n",
    )


def test_a_person_who_approved_is_named(root: Root) -> None:
    root.add("2026-01", blessed() | {"ModelApproval": APPROVED})

    line = "model blessed by gate, packager, serving check, approval; pushed as version"
    assert root.gate()[1].startswith(line)
    assert "approved by Kim: seen the report" in root.why()


def test_a_run_that_ends_with_the_package_pushes_nothing(root: Root) -> None:
    first_two = dict(list(blessed().items())[:3])
    root.add("2026-01", first_two)

    assert root.gate() == (
        0,
        "model blessed by gate, packager; not pushed in this run\n",
    )


def test_why_shows_every_rule_with_number_bound_and_slice(root: Root) -> None:
    root.add(
        "2026-01", blessed() | {"ModelGate": verdict(PASSED, UNJUDGED, CHANGED, SLICED)}
    )

    assert root.gate() == (3, "model REFUSED by the gate for 1 reason\n")
    assert root.why() == [
        "model REFUSED by the gate for 1 reason",
        "  - The rule value says so.",
        "",
        *TABLE.splitlines(),
        "  - The rule baseline says so.",
        "",
        "serving check passed: 9 checks",
    ]


@pytest.mark.parametrize(
    ("node", "flag", "judge"),
    [
        ("ModelPackager", "packaged", "packager"),
        ("ServingValidator", "blessed", "serving check"),
        ("ModelApproval", "approved", "approval"),
        ("ModelPusher", "pushed", "pusher"),
    ],
)
def test_the_first_who_refused_is_named_with_its_reasons(
    root: Root, node: str, flag: str, judge: str
) -> None:
    refused = answer(flag, "It is slow.", "It is late.", checks=[])
    follower = {"ModelPusher": answer("pushed", "somebody refused before")}
    root.add("2026-01", blessed() | follower | {node: refused})

    assert root.gate() == (3, f"model REFUSED by the {judge} for 2 reasons\n")
    lines = root.why()
    assert lines[1:3] == ["  - It is slow.", "  - It is late."]
    assert "  - somebody refused before" not in lines


def test_each_candidate_has_its_own_line_and_one_refusal_is_exit_3(root: Root) -> None:
    second = {
        f"{node}_big": content
        for node, content in blessed().items()
        if node != "DatasetAuditor"
    }
    second["ModelGate_big"] = verdict(SLICED)
    root.add("2026-01", blessed() | second)

    code, out = root.gate()

    assert code == 3
    assert [line.partition(" by ")[0] for line in out.splitlines()] == [
        "model blessed",
        "model big REFUSED",
    ]
    _, text = root.gate("--json")
    summary = json.loads(text)
    assert (summary["run"], summary["blessed"]) == ("2026-01", False)
    assert [model["candidate"] for model in summary["models"]] == ["", "big"]
    first, big = summary["models"]
    assert big["rules"] == [SLICED]
    assert (big["refused_by"], big["reasons"]) == ("gate", [SLICED["sentence"]])
    assert (first["blessed"], first["refused_by"]) == (True, None)
    assert first["serving"]["figures"] == {"load_s": 1.5}
    assert first["approval"] is None
    assert first["pushed"]["sentence"] == "pushed as version 7"


def test_the_newest_run_counts_also_where_its_data_was_refused(root: Root) -> None:
    root.add("2026-01", blessed())
    root.add("2026-02", {"DatasetAuditor": answer("blessed", "A class is missing.")})

    assert root.gate() == (3, "data REFUSED for 1 reason\n")
    assert root.why() == ["data REFUSED for 1 reason", "  - A class is missing."]


def test_the_older_verdict_is_not_taken_for_a_run_that_judged_nothing(
    root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    root.add("2026-01", blessed())
    root.add("2026-02", {"DatasetAuditor": answer("blessed")})

    assert main(["gate", str(root.drawn.root)]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"carseg: the newest run in {root.drawn.root} judged no")
    assert said.err.count("\n") == 1


def test_a_root_without_any_run_judged_nothing(
    root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gate", str(root.drawn.root)]) == 1

    assert capsys.readouterr().err.startswith(
        f"carseg: the newest run in {root.drawn.root} judged no model"
    )


@pytest.mark.parametrize("state", ["FAILED", "RUNNING"])
def test_a_run_that_did_not_end_well_is_no_blessing(
    root: Root, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"ModelGate": verdict(PASSED)}
    root.add("2026-01", answers, getattr(mlmd.Execution, state))

    assert main(["gate", str(root.drawn.root)]) == 1

    said = capsys.readouterr()
    assert said.out == "model blessed by gate; not pushed in this run\n"
    assert said.err.startswith("ModelGate failed or has not ended in run 2026-01")


def test_a_file_that_is_gone_is_named(
    root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    root.add("2026-01", blessed())
    (root.drawn.root / "2026-01-ModelGate/verdict.json").unlink()

    assert main(["gate", str(root.drawn.root)]) == 1
    assert "ModelGate/verdict.json is in ML Metadata, but" in capsys.readouterr().err


def test_root_is_another_way_to_say_run(
    root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    root.add("2026-01", blessed())
    folder = str(root.drawn.root)

    assert main(["gate", "--root", folder]) == 0
    assert main(["gate", folder, "--root", folder]) == 2
    assert main(["gate", f"{folder}/nowhere"]) == 2

    errors = capsys.readouterr().err.splitlines()
    assert errors[0].startswith("carseg: RUN and --root name the same folder, got")
    assert errors[1].startswith("carseg: RUN must be the root folder of a run, got")
