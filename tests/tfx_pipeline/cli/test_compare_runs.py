"""Which models the names of `carseg compare` stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tfx_pipeline.cli.drawn_run import DrawnRun
from tfx_pipeline.cli.compare_runs import find_models, model_names
from tfx_pipeline.config.usage_error import UsageError


def draw_run(drawn: DrawnRun, run_id: str, *candidates: str, place: str = "") -> None:
    """Writes a run with an evaluation per candidate, in folders of its own."""
    outputs = {}
    for candidate in candidates:
        node = f"Evaluator_{candidate}" if candidate else "Evaluator"
        uri = f"{drawn.root}/{place or run_id}/{candidate or 'first'}"
        outputs[node] = {"evaluation": drawn.artifact("ModelEvaluation", uri)}
    drawn.add_run(run_id, outputs or {"DatasetAuditor": {}})


def found(*runs: object, last: int | None = None) -> list[tuple[str, str, str]]:
    """Name, run and folder of the evaluation of each model that is found."""
    models = find_models([str(run) for run in runs], last)
    return [
        (name, model.run_id, "/".join(model.evaluation.parts[-2:]))
        for name, model in zip(model_names(models, last), models, strict=True)
    ]


@pytest.fixture
def two(tmp_path: Path) -> DrawnRun:
    drawn = DrawnRun(tmp_path / "x" / "two")
    draw_run(drawn, "2026-01", "")
    draw_run(drawn, "2026-02", "", "deeplab")
    return drawn


@pytest.fixture
def other(tmp_path: Path) -> DrawnRun:
    drawn = DrawnRun(tmp_path / "x" / "other")
    draw_run(drawn, "2026-03", "", "fpn")
    return drawn


def test_one_run_alone_stands_for_all_of_its_newest_models(two: DrawnRun) -> None:
    assert found(two.root) == [
        ("two", "2026-02", "2026-02/first"),
        ("two:deeplab", "2026-02", "2026-02/deeplab"),
    ]


def test_of_several_runs_each_stands_for_its_first_model(
    two: DrawnRun, other: DrawnRun
) -> None:
    assert found(other.root, two.root) == [
        ("other", "2026-03", "2026-03/first"),
        ("two", "2026-02", "2026-02/first"),
    ]


def test_a_candidate_is_named_behind_a_colon(two: DrawnRun, other: DrawnRun) -> None:
    assert found(f"{two.root}:deeplab", other.root, f"{other.root}:fpn") == [
        ("two:deeplab", "2026-02", "2026-02/deeplab"),
        ("other", "2026-03", "2026-03/first"),
        ("other:fpn", "2026-03", "2026-03/fpn"),
    ]


def test_roots_of_the_same_name_are_told_apart_by_their_folders(
    two: DrawnRun, tmp_path: Path
) -> None:
    same = DrawnRun(tmp_path / "y" / "two")
    draw_run(same, "2026-04", "")

    names = [name for name, _, _ in found(two.root, same.root)]

    assert names == ["x/two", "y/two"]


def test_the_last_runs_stand_oldest_first_by_their_ids(two: DrawnRun) -> None:
    draw_run(two, "2026-05", "")

    assert found(two.root, last=2) == [
        ("2026-02", "2026-02", "2026-02/first"),
        ("2026-05", "2026-05", "2026-05/first"),
    ]
    assert [run for _, run, _ in found(two.root, last=9)] == [
        "2026-01",
        "2026-02",
        "2026-05",
    ]
    assert [run for _, run, _ in found(f"{two.root}:deeplab", last=2)] == ["2026-02"]


def test_a_run_from_the_cache_is_no_other_model(tmp_path: Path) -> None:
    drawn = DrawnRun(tmp_path / "runs")
    draw_run(drawn, "2026-01", "", place="old")
    draw_run(drawn, "2026-02", "", place="new")
    draw_run(drawn, "2026-03", "", place="new")

    assert found(drawn.root, last=2) == [
        ("2026-01", "2026-01", "old/first"),
        ("2026-03", "2026-03", "new/first"),
    ]


def test_a_run_that_measured_nothing_is_passed_over(two: DrawnRun) -> None:
    draw_run(two, "2026-06")

    assert [run for _, run, _ in found(two.root)] == ["2026-02", "2026-02"]


def test_a_folder_may_have_a_colon_in_its_name(tmp_path: Path) -> None:
    drawn = DrawnRun(tmp_path / "a:b")
    draw_run(drawn, "2026-01", "", "fpn")

    assert found(drawn.root, f"{drawn.root}:fpn") == [
        ("a:b", "2026-01", "2026-01/first"),
        ("a:b:fpn", "2026-01", "2026-01/fpn"),
    ]


def test_an_unknown_candidate_is_refused_with_those_that_there_are(
    two: DrawnRun, other: DrawnRun
) -> None:
    with pytest.raises(UsageError) as refused:
        found(f"{two.root}:x", other.root)

    assert str(refused.value) == (
        f"no candidate named 'x' was measured in the newest run of {two.root}; name"
        f" {two.root} or {two.root}:deeplab"
    )


def test_a_run_without_its_first_candidate_says_how_to_name_another(
    two: DrawnRun, other: DrawnRun
) -> None:
    draw_run(two, "2026-05", "deeplab")

    with pytest.raises(UsageError) as refused:
        found(two.root, other.root)

    assert str(refused.value) == (
        f"no first candidate was measured in the newest run of {two.root}; name"
        f" {two.root}:deeplab"
    )


def test_a_model_that_is_named_twice_is_refused(two: DrawnRun) -> None:
    with pytest.raises(UsageError, match=r"another model, got .*two: more than once"):
        found(f"{two.root}:", two.root)


def test_the_last_runs_are_of_one_root(two: DrawnRun, other: DrawnRun) -> None:
    with pytest.raises(UsageError, match="--last compares runs of one RUN, got 2"):
        found(two.root, other.root, last=2)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="RUN must be the root folder of a run"):
        found(tmp_path)


def test_a_root_without_any_measured_model_says_why_that_may_be(
    tmp_path: Path,
) -> None:
    drawn = DrawnRun(tmp_path / "runs")
    draw_run(drawn, "2026-01")

    with pytest.raises(ValueError, match=r"measured a model: .* run\.until"):
        found(drawn.root)
