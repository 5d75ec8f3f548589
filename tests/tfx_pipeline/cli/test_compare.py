"""`carseg compare` on real evaluations of models that follow a rule."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.components.evaluation_report.html_checks import Page
from tests.tfx_pipeline.cli.drawn_run import DrawnRun
from tfx_pipeline.cli.main import main

TEST = range(10, 34)
VALIDATION = {
    "blessed": True,
    "reasons": [],
    "figures": {"grpc_p50_ms": 7.25, "grpc_p95_ms": 9.5},
}


def draw(root: Path) -> DrawnRun:
    drawn = DrawnRun(root)
    uri = f"{root}/first"
    drawn.add_run(
        "2026-01", {"Evaluator": {"evaluation": drawn.artifact("ModelEvaluation", uri)}}
    )
    return drawn


@pytest.mark.parametrize(
    ("further", "sentence"),
    [
        ([], "needs 2 models or more, got 1 in"),
        (["--last", "1"], "--last must be 2 or more, got 1"),
        (["--photos", "-1"], "--photos must be 0..60, got -1"),
        (["--photos", "61"], "--photos must be 0..60, got 61"),
        (["--out", "."], "--out must be a file, got the folder ."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_before_anything_is_read(
    further: list[str],
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    drawn = draw(tmp_path / "run")

    assert main(["compare", str(drawn.root), *further]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("carseg: ")
    assert said.err.count("\n") == 1
    assert sentence in said.err


def test_an_evaluation_that_is_gone_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roots = [str(draw(tmp_path / name).root) for name in "ab"]

    assert main(["compare", *roots]) == 1

    assert (
        "a/first is in ML Metadata, but the folder is gone; run"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("folder", "file"),
    [
        ("verdict", "verdict.json"),
        ("validation", "validation.json"),
        ("model_run", "history.json"),
    ],
)
def test_a_file_of_a_run_that_is_gone_is_named(
    folder: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roots = [tmp_path / name for name in "ab"]
    for root in roots:
        write_run(DrawnRun(root), is_good=True)
        (root / "evaluation").mkdir()
    gone = roots[1] / folder / file
    gone.unlink()

    assert main(["compare", *map(str, roots)]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[1:] == [
        f"carseg: {gone} is in ML Metadata, but the file is gone; run the pipeline"
        " again with --set run.cache=false"
    ]
    assert not (roots[0] / "comparisons").exists()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two roots whose test photos are the same in other files, and one with others."""
    from tests.components.segmentation_metrics import rule_models

    folder = tmp_path_factory.mktemp("compared")
    for name, rule, indices in (
        ("good", rule_models.bright, TEST),
        ("poor", rule_models.red_only, TEST[::-1]),
    ):
        drawn = DrawnRun(folder / name)
        examples = rule_models.make_examples(drawn.root / "set", test=indices)
        model = rule_models.make_model(drawn.root / "model", rule)
        evaluation = drawn.root / "evaluation"
        rule_models.evaluate(examples, model, None, evaluation)
        write_run(drawn, is_good=name == "good")
    # Only a look at the photos themselves can tell that these are others.
    other = DrawnRun(folder / "other")
    rule_models.make_examples(other.root / "set", test=[*TEST[:-1], 40])
    shutil.copytree(folder / "poor" / "evaluation", other.root / "evaluation")
    write_run(other, is_good=False)
    return folder


def write_run(drawn: DrawnRun, *, is_good: bool) -> None:
    def artifact(kind: str, name: str) -> Any:
        return drawn.artifact(kind, str(drawn.root / name))

    reasons = [] if is_good else ["Too bad, see /home/kim/verdict.txt"]
    verdict = {"blessed": is_good, "reasons": reasons, "rules": []}
    outputs = {
        "TfdsExampleGen": {"examples": artifact("Examples", "set")},
        "Trainer": {
            "model": artifact("Model", "model"),
            "model_run": drawn.write_json(
                "ModelRun", "model_run", {"history.json": {"parameters": 4321}}
            ),
        },
        "Evaluator": {"evaluation": artifact("ModelEvaluation", "evaluation")},
        "ModelGate": {
            "verdict": drawn.write_json(
                "GateVerdict", "verdict", {"verdict.json": verdict}
            )
        },
    }
    if is_good:
        outputs["ServingValidator"] = {
            "validation": drawn.write_json(
                "components.ServingValidation",
                "validation",
                {"validation.json": VALIDATION},
            )
        }
    drawn.add_run("2026-01", outputs)


def shares_that_differ() -> dict[str, float]:
    """Of each photo, the share of known pixels on which the two rules differ."""
    from tests.components.segmentation_metrics import rule_models

    shares = {}
    for index in TEST:
        image, mask = rule_models.draw_pair(index)
        one = rule_models.bright(image).numpy()
        other = rule_models.red_only(image).numpy()
        known = differing = 0
        for true_id, first, second in zip(mask.flat, one.flat, other.flat, strict=True):
            if true_id != 255:
                known += 1
                differing += first != second
        shares[f"square_{index}"] = differing / known
    return shares


@pytest.mark.integration
def test_two_runs_are_told_apart_by_table_json_and_page(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["compare", str(runs / "good"), str(runs / "poor")]

    code = main([*arguments, "--photos", "3", "--json"])

    described = json.loads(capsys.readouterr().out)
    assert code == 0
    good, poor = described["models"]
    assert (good["name"], poor["name"]) == ("good", "poor")
    assert (good["verdict"], poor["verdict"]) == ("blessed", "refused by the gate")
    assert poor["reasons"] == ["Too bad, see …/verdict.txt"]
    assert (good["parameters"], good["serving"]) == (4321, VALIDATION["figures"])
    against = poor["metrics"]["miou"]["against_first"]
    assert against["word"] == "worse"
    assert against["low"] < against["change"] < against["high"] < 0
    assert against["change"] == pytest.approx(
        poor["metrics"]["miou"]["value"] - good["metrics"]["miou"]["value"]
    )
    page = Path(described["page"])
    assert page.parent.parent == runs / "good" / "comparisons"
    assert [path.name for path in page.parent.iterdir()] == ["compare.html"]
    assert Page(page.read_text("utf-8")).problems == []
    shares = shares_that_differ()
    worst = sorted(shares, key=lambda name: (-shares[name], name))[:3]
    assert {
        photo["example_id"]: photo["disputed"] for photo in described["photos"]
    } == {name: shares[name] for name in worst}
    assert described["photos_asked"] == len(TEST)


@pytest.mark.integration
def test_the_table_names_page_and_difference(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "deep" / "mine.html"

    code = main(
        [
            *("compare", str(runs / "good"), str(runs / "poor")),
            *("--photos", "0", "--out", str(page)),
        ]
    )

    said = capsys.readouterr()
    assert code == 0
    assert "task square, 24 test photos" in said.out
    rows = [line.split() for line in said.out.splitlines() if line]
    assert [row[-1] for row in rows if row[0] == "poor"] == ["worse", "gate"]
    assert said.out.endswith(f"\npage: {page}\n")
    assert "were not asked about photos" in page.read_text("utf-8")
    assert [path.name for path in page.parent.iterdir()] == ["mine.html"]


@pytest.mark.integration
def test_as_many_other_photos_are_refused_in_one_line(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(runs / "good"), str(runs / "other")]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert (
        "carseg: good and other must have been measured on the same test photos with"
        " the same true masks, got other ones of the same number;" in said.err
    )
    assert "Traceback" not in said.err


@pytest.mark.integration
def test_a_model_that_is_gone_can_still_be_compared_without_photos(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = runs / "poor" / "model"
    shutil.move(kept, tmp_path / "away")
    arguments = ["compare", str(runs / "good"), str(runs / "poor")]
    try:
        assert main(arguments) == 2
        assert "it is gone; leave the photos out with --photos 0" in (
            capsys.readouterr().err
        )
        assert main([*arguments, "--photos", "0"]) == 0
    finally:
        shutil.move(tmp_path / "away", kept)
