"""The schema that leaves the node is the text that went in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tfx.types import standard_artifacts
from tfx.utils import io_utils

from components.record_schema.component import RecordSchema
from components.record_schema.executor import Executor

TEXT = 'feature { name: "image" type: BYTES image_domain { } }\n'


def write(folder: Path, text: str) -> standard_artifacts.Schema:
    schema = standard_artifacts.Schema()
    schema.uri = str(folder / "schema")
    node = RecordSchema(schema_text=text)
    Executor().Do({}, {"schema": [schema]}, dict(node.exec_properties))
    return schema


def test_tfx_reads_the_only_file_as_it_does_from_its_own_nodes(tmp_path: Path) -> None:
    schema = write(tmp_path, TEXT)

    path = io_utils.get_only_uri_in_dir(schema.uri)

    assert Path(path).read_text("utf-8") == TEXT
    (feature,) = io_utils.SchemaReader().read(path).feature
    assert (feature.name, feature.HasField("image_domain")) == ("image", True)


def test_a_text_that_is_no_schema_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^schema_text must be .*1:1 : ") as caught:
        write(tmp_path, "image: jpeg")

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "schema").exists()


def test_text_and_code_are_part_of_the_cache_key() -> None:
    node = RecordSchema(schema_text=TEXT, code_fingerprint="abc")

    assert node.exec_properties == {"schema_text": TEXT, "code_fingerprint": "abc"}
