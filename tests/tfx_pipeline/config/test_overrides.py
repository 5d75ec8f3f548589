"""Overrides come from a YAML file, then from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfx_pipeline.config.overrides import merged, parse_assignments, read_yaml


def test_assignments_are_yaml_values_at_dotted_names() -> None:
    assert parse_assignments(
        ["data.task=parts", "beam.workers=2", "data.options.size=64", "run.cache=false"]
    ) == {
        "data": {"task": "parts", "options": {"size": 64}},
        "beam": {"workers": 2},
        "run": {"cache": False},
    }


@pytest.mark.parametrize("text", ["data.task", "task=car", ".task=car", "data.=car"])
def test_an_assignment_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must look like stage\.field=value"):
        parse_assignments([text])


def test_a_value_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ValueError, match=r"--set data\.task: the value must be YAML"):
        parse_assignments(["data.task=[1"])


def test_later_values_win_and_the_others_stay() -> None:
    first = {"data": {"task": "car", "config": "a"}, "run": {"name": "x"}}

    assert merged(first, {"data": {"task": "parts"}}) == {
        "data": {"task": "parts", "config": "a"},
        "run": {"name": "x"},
    }


def test_a_yaml_file_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "설정.yaml"
    path.write_bytes("\ufeffdata: {task: parts}\n".encode())

    assert read_yaml(str(path)) == {"data": {"task": "parts"}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("data: [", "must be a YAML file"), ("- 1\n", "must hold stages with fields")],
)
def test_a_file_of_another_form_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)

    with pytest.raises(ValueError, match=sentence):
        read_yaml(str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot read the configuration .*none.yaml"):
        read_yaml(str(tmp_path / "none.yaml"))
