"""What the first node writes, and what it refuses before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tfx.types import standard_artifacts

from components.live_model.live_version import NOTHING_LIVE
from components.source_fingerprint.compiled_facts import CompiledFacts
from components.source_fingerprint.component import SourceFingerprint
from components.source_fingerprint.content_fingerprint import content_fingerprint
from components.source_fingerprint.executor import Executor
from tests.drawn_squares import SQUARES, Builder

pytestmark = pytest.mark.integration

HASHES = {"TfdsExampleGen": "a", "Trainer": "b"}
FACTS: dict[str, Any] = {
    "builder": "tests.drawn_squares.Builder",
    "taxonomy": SQUARES.to_dict(),
    "own_slices": (),
    "code_fingerprints": HASHES,
}


class OtherBuilder(Builder):
    """The same records by another code."""


class SlicedBuilder(Builder):
    """Its records know their maker."""

    SLICE_FEATURES = ("maker",)


def find_builder(name: str) -> str:
    return f"tests.{name}"


def installed_code(builder: str) -> dict[str, str]:
    return HASHES | {"TfdsExampleGen": "a" if "Other" not in builder else "other"}


def look(
    folder: Path, facts: dict[str, Any] | None = None, **values: Any
) -> dict[str, str]:
    """Returns what the node writes, by output."""
    here = "tests.components.source_fingerprint.test_executor"
    node = SourceFingerprint(
        **{
            "dataset": "drawn_squares.Builder",
            "find_builder": f"{here}.find_builder",
            "builder_kwargs": {"count": 6},
            "compiled": CompiledFacts(**FACTS | (facts or {})),
            "code_fingerprints_of": f"{here}.installed_code",
            "destinations": {"": (str(folder / "served"), "car")},
        }
        | values
    )
    outputs = {}
    for name in node.outputs:
        artifact = standard_artifacts.String()
        artifact.uri = str(folder / name)
        outputs[name] = [artifact]
    Executor().Do({}, outputs, dict(node.exec_properties))
    return {name: (folder / name).read_text("utf-8") for name in outputs}


def test_sources_and_destinations_are_named(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "car.jpg").write_bytes(b"photo")

    quick = look(tmp_path, manual_dir=str(photos))
    exact = look(tmp_path, manual_dir=str(photos), verify_bytes=True)

    assert quick["content_fingerprint"] == content_fingerprint(str(photos))
    assert exact["content_fingerprint"] == content_fingerprint(
        str(photos), verify_bytes=True
    )
    assert json.loads(quick["live_fingerprint"]) == {"": NOTHING_LIVE}


def test_drawn_data_needs_no_folder(tmp_path: Path) -> None:
    assert look(tmp_path)["content_fingerprint"] == content_fingerprint(None)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be an existing folder, got '/no/photos"):
        look(tmp_path, manual_dir="/no/photos")


def test_other_sources_than_compiled_are_refused_by_node(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError,
        match=r"other sources than the pipeline was compiled from \(Trainer differ\);",
    ):
        look(tmp_path, {"code_fingerprints": HASHES | {"Trainer": "older"}})


def test_without_hashes_the_code_is_not_checked(tmp_path: Path) -> None:
    assert look(tmp_path, {"code_fingerprints": {}})["content_fingerprint"]


def test_another_builder_of_the_same_records_has_another_fingerprint(
    tmp_path: Path,
) -> None:
    other = "components.source_fingerprint.test_executor.OtherBuilder"

    found = look(tmp_path, dataset=other)

    assert found["content_fingerprint"] != content_fingerprint(None)
    assert len(found["content_fingerprint"]) == 64


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"taxonomy": SQUARES.to_dict() | {"task": "circle"}},
            "has no task 'circle', only square;",
        ),
        (
            {"taxonomy": SQUARES.to_dict() | {"licence": "MIT", "background_id": 1}},
            r"has another taxonomy of 'square' \(background_id, licence differ\);",
        ),
        ({"own_slices": ("maker",)}, "has the slicing features of every record in "),
    ],
    ids=["task", "taxonomy", "slices"],
)
def test_another_dataset_than_compiled_for_is_refused(
    tmp_path: Path, facts: dict[str, Any], sentence: str
) -> None:
    way_out = "compile anew with --dataset drawn_squares.Builder$"
    with pytest.raises(ValueError, match=f"{sentence}.*{way_out}"):
        look(tmp_path, facts)


def test_a_dataset_with_further_slices_is_refused(tmp_path: Path) -> None:
    dataset = "components.source_fingerprint.test_executor.SlicedBuilder"

    with pytest.raises(ValueError, match="has the slicing features maker in place of"):
        look(tmp_path, dataset=dataset)


def test_options_of_another_builder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"take the options .* 'wheels'.*compile anew"):
        look(tmp_path, builder_kwargs={"wheels": 4})


def test_facts_survive_their_json_form() -> None:
    facts = CompiledFacts(**FACTS | {"own_slices": ("maker",)})

    assert CompiledFacts.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts
