from pathlib import Path

import pytest

from tfds_builders.carvana.mask_table import TableRow, find_rows, read_runs

TABLE = "train_masks.csv"
NAMES = {"a.jpg", "b.jpg", "c.jpg"}


def table(folder: Path, content: str | bytes) -> Path:
    data = content.encode() if isinstance(content, str) else content
    (folder / TABLE).write_bytes(data)
    return folder


@pytest.mark.parametrize(
    "content",
    [
        "img,rle_mask\na.jpg,1 2\nb.jpg,3 4 9 1\n",
        "img,rle_mask\r\na.jpg,1 2\r\nb.jpg,3 4 9 1\r\n",
        "\ufeffimg,rle_mask\na.jpg,1 2\n\nb.jpg,3 4 9 1",
        '"img","rle_mask"\n"a.jpg","1 2"\n"b.jpg","3 4 9 1"\n',
    ],
    ids=["unix", "windows", "bom-blank-line-no-end", "quoted"],
)
def test_rows_are_found_and_read_back(tmp_path: Path, content: str) -> None:
    found = find_rows(table(tmp_path, content), TABLE, NAMES, NAMES)

    assert sorted(found.rows) == ["a.jpg", "b.jpg"]
    assert read_runs(tmp_path, found.rows["a.jpg"], "a.jpg") == "1 2"
    assert read_runs(tmp_path, found.rows["b.jpg"], "b.jpg") == "3 4 9 1"
    assert (found.repeated, found.unused) == (frozenset(), 0)


def test_a_listing_keeps_places_and_no_run_lengths(tmp_path: Path) -> None:
    content = "img,rle_mask\na.jpg,1 2\nb.jpg,3 4\n"
    found = find_rows(table(tmp_path, content), TABLE, NAMES, NAMES)
    place = content.index("b.jpg")
    assert found.rows["b.jpg"] == TableRow(table=TABLE, offset=place, size=10)


def test_only_wanted_rows_are_kept_and_foreign_ones_counted(tmp_path: Path) -> None:
    content = "img,rle_mask\na.jpg,1 2\nx.jpg,1 1\nb.jpg,3 4\ny.jpg,1 1\n"
    found = find_rows(table(tmp_path, content), TABLE, {"b.jpg"}, NAMES)
    assert list(found.rows) == ["b.jpg"]
    assert found.unused == 2


def test_two_rows_for_one_photo_are_no_row(tmp_path: Path) -> None:
    content = "img,rle_mask\na.jpg,1 2\nb.jpg,3 4\na.jpg,1 3\n"
    found = find_rows(table(tmp_path, content), TABLE, NAMES, NAMES)
    assert (list(found.rows), found.repeated) == (["b.jpg"], frozenset({"a.jpg"}))


def test_a_row_longer_than_the_csv_modules_limit_is_read(tmp_path: Path) -> None:
    runs = " ".join(str(number) for number in range(1, 60_000))
    found = find_rows(
        table(tmp_path, f"img,rle_mask\na.jpg,{runs}\n"), TABLE, NAMES, NAMES
    )
    assert len(runs) > 131_072
    assert read_runs(tmp_path, found.rows["a.jpg"], "a.jpg") == runs


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", "''"),
        (b"image,mask\na.jpg,1 2\n", "'image,mask'"),
        (b"PK\x03\x04" * 90, r"'PK\x03\x04PK\x03\x04PK"),
    ],
    ids=["empty", "other-columns", "zip"],
)
def test_another_file_is_refused_by_its_first_line(
    tmp_path: Path, content: bytes, shown: str
) -> None:
    with pytest.raises(ValueError) as caught:
        find_rows(table(tmp_path, content), TABLE, NAMES, NAMES)
    message = str(caught.value)
    start = "train_masks.csv must begin with the line 'img,rle_mask', got "
    assert message.startswith(start)
    assert message.endswith("; fetch it again")
    assert shown in message and "\n" not in message


def test_a_table_that_changed_since_it_was_listed_is_noticed(tmp_path: Path) -> None:
    table(tmp_path, "img,rle_mask\na.jpg,1 2\nb.jpg,3 4\n")
    row = find_rows(tmp_path, TABLE, NAMES, NAMES).rows["b.jpg"]
    table(tmp_path, "img,rle_mask\nb.jpg,3 4\n")
    with pytest.raises(ValueError) as caught:
        read_runs(tmp_path, row, "b.jpg")
    assert str(caught.value) == (
        "train_masks.csv must stay as it is while it is read, but the row of 'b.jpg'"
        " is gone; build again"
    )


def test_a_vanished_table_is_named_without_this_machines_path(tmp_path: Path) -> None:
    message = r"^cannot read 'train_masks.csv': No such file or directory; check the"
    with pytest.raises(ValueError, match=message):
        find_rows(tmp_path, TABLE, NAMES, NAMES)
    with pytest.raises(ValueError, match=message):
        read_runs(tmp_path, TableRow(table=TABLE, offset=3, size=4), "a.jpg")
