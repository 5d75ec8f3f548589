from pathlib import Path

import pytest

from tfds_builders.folder_masks.yaml_fields import FieldReader, read_yaml_mapping


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
def test_utf8_with_and_without_bom_reads_the_same(tmp_path: Path, bom: bytes) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(bom + "name: 자동차\n".encode())
    assert read_yaml_mapping(path) == {"name": "자동차"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "name: 자동차".encode("cp949"),
            "t.yaml must be UTF-8 text, got byte 0xc0 at position 6; save it again as"
            " UTF-8",
        ),
        (
            b"a: 1\nb: [1, 2\nc: 3\n",
            "t.yaml must be YAML, got expected ',' or ']', but got ':' in line 3,"
            " column 2; correct that line",
        ),
        (
            b"a: 1\nb: 2\na: 3\n",
            "t.yaml must be YAML, got key 'a' is given twice in line 3, column 1;"
            " correct that line",
        ),
        (
            b"- 1\n",
            "t.yaml must hold `key: value` lines, got list; start it with `classes:`",
        ),
        (
            b"",
            "t.yaml must hold `key: value` lines, got NoneType; start it with"
            " `classes:`",
        ),
    ],
    ids=["cp949", "syntax", "key-twice", "list", "empty"],
)
def test_a_file_that_is_no_mapping_is_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(content)
    with pytest.raises(ValueError) as caught:
        read_yaml_mapping(path)
    assert str(caught.value) == message


def test_true_is_no_whole_number() -> None:
    with pytest.raises(
        ValueError, match=r"^f: id must be a whole number 0\.\.9, got T"
    ):
        FieldReader(where="f", fields={"id": True}).integer("id", 0, 9)


def test_bare_yes_and_no_are_choices() -> None:
    reader = FieldReader(where="f", fields={"a": True, "b": False})
    assert reader.choice("a", ("yes", "no"), "no") == "yes"
    assert reader.choice("b", ("yes", "no"), "yes") == "no"
    assert reader.choice("c", ("yes", "no"), "yes") == "yes"


def test_merge_keys_still_work(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("a: &a {x: 1}\nb: {<<: *a, y: 2}\n", "utf-8")
    assert read_yaml_mapping(path)["b"] == {"x": 1, "y": 2}
