"""Overrides come from a YAML file, then from the command line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tfx_pipeline.config.augment import CARVANA
from tfx_pipeline.config.overrides import assigned, parse_assignment, read_yaml
from tfx_pipeline.config.pipeline_config import PipelineConfig


def test_assignments_are_yaml_values_at_dotted_names() -> None:
    config = assigned(
        PipelineConfig.from_dict({"data": {"options": {"seed": 7, "size": 32}}}),
        [
            "data.task=parts",
            "beam.workers=2",
            "data.options.size=64",
            "run.cache=false",
        ],
    )

    assert (config.data.task, config.beam.workers, config.run.cache) == (
        "parts",
        2,
        False,
    )
    assert config.data.options == {"seed": 7, "size": 64}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-6", 1e-6), ("-2E3", -2000.0), ("1.5e+2", 150.0), ("1.e1", 10.0)],
)
def test_a_number_may_have_an_exponent_without_a_point(
    text: str, value: float, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").write_text(f"training: {{learning_rate: {text}}}\n")

    assert parse_assignment(f"a.b={text}") == (["a", "b"], value)
    assert read_yaml(str(tmp_path / "config.yaml")) == {
        "training": {"learning_rate": value}
    }


@pytest.mark.parametrize("text", ["e5", "1e", "0x1e5z", "1e5f", "'1e5'"])
def test_text_that_looks_like_an_exponent_stays_text(text: str) -> None:
    assert parse_assignment(f"a.b={text}")[1] == text.strip("'")


def test_a_mapping_replaces_the_whole_one() -> None:
    config = PipelineConfig.from_dict({"data": {"options": {"seed": 7}}})

    assert assigned(config, ["data.options={}"]).data.options == {}


def test_assignments_may_come_in_any_order() -> None:
    wanted = ["prepare.height_px=100", "prepare.width_px=100", "model.depth=2"]

    assert assigned(PipelineConfig(), wanted).prepare.height_px == 100


def test_a_field_of_a_named_policy_may_follow_its_name() -> None:
    config = assigned(
        PipelineConfig(), ["prepare.augment=carvana", "prepare.augment.copies=5"]
    )

    assert config.prepare.augment == dataclasses.replace(CARVANA, copies=5)


def test_a_name_below_a_plain_value_is_refused() -> None:
    with pytest.raises(ValueError, match=r"data\.task\.x: task has no fields, it is"):
        assigned(PipelineConfig(), ["data.task.x=1"])


@pytest.mark.parametrize("text", ["data.task", "task=car", ".task=car", "data.=car"])
def test_an_assignment_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must look like stage\.field=value"):
        parse_assignment(text)


def test_a_value_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ValueError, match=r"--set data\.task: the value must be YAML"):
        parse_assignment("data.task=[1")


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
