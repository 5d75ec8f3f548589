from pathlib import Path

import pytest

from tfds_builders.carvana.car_table import parse_cars, read_cars, usual_spellings

HEADER = '"id","year","make","model","trim1","trim2"\n'


def test_each_car_has_its_facts_and_gaps_are_empty() -> None:
    cars = parse_cars(
        HEADER
        + '"a","2014","Acura","TL","TL","w/SE"\n'
        + '"b","","","","Corvette","Z16 Grand Sport"\n'
        + '"c","2013"\n'
        + '"d","2012","Kia","Soul, ""the box""","Soul","+"\n',
        "metadata.csv",
    )
    assert cars == {
        "a": {"make": "Acura", "model": "TL", "year": "2014"},
        "b": {"make": "", "model": "", "year": ""},
        "c": {"make": "", "model": "", "year": "2013"},
        "d": {"make": "Kia", "model": 'Soul, "the box"', "year": "2012"},
    }


def test_one_make_in_two_spellings_is_one_slice() -> None:
    lines = [
        f'"{car}","2013","{make}","JX35","",""\n'
        for car, make in zip(
            "abcd", ["INFINITI", "Infiniti", "Infiniti ", "Kia"], strict=True
        )
    ]
    makes = [car["make"] for car in parse_cars(HEADER + "".join(lines), "t").values()]
    assert makes == ["Infiniti", "Infiniti", "Infiniti", "Kia"]


def test_equally_frequent_spellings_do_not_depend_on_their_order() -> None:
    forward, backward = ["Mazda3", "MAZDA3"], ["MAZDA3", "Mazda3"]
    expected = {"Mazda3": "MAZDA3", "MAZDA3": "MAZDA3"}
    assert usual_spellings(forward) == usual_spellings(backward) == expected
    assert usual_spellings(["a  b", "A b", "A b"])["a  b"] == "A b"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
def test_it_is_read_with_and_without_a_byte_order_mark(
    tmp_path: Path, mark: bytes
) -> None:
    line = b'"a","2014","Citro\xc3\xabn","C3","",""\r\n'
    (tmp_path / "metadata.csv").write_bytes(mark + HEADER.encode() + line)
    cars = read_cars(tmp_path, "metadata.csv")
    assert cars == {"a": {"make": "Citroën", "model": "C3", "year": "2014"}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"img,rle_mask\na.jpg,1 1\n",
            "metadata.csv must have the columns id, make, model, year, got img,"
            " rle_mask; fetch it again",
        ),
        (b"", "metadata.csv must have the columns id, make, model, year, got none; "),
        (
            HEADER.encode() + b'"a","2014","Citro\xebn","C3","",""\n',
            "metadata.csv must be UTF-8, got byte 0xeb at position 60; fetch it again",
        ),
        (
            HEADER.encode() + b'"a"\n"b"\n"a"\n',
            "metadata.csv must name each car once, got 'a' twice; fetch it again",
        ),
        (
            HEADER.encode() + b'"' + b"x" * 200_000 + b'"\n',
            "metadata.csv must be CSV, but field larger than field limit (131072); ",
        ),
    ],
    ids=["other-table", "empty", "latin-1", "car-twice", "one-huge-field"],
)
def test_another_table_is_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "metadata.csv").write_bytes(content)
    with pytest.raises(ValueError) as caught:
        read_cars(tmp_path, "metadata.csv")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
