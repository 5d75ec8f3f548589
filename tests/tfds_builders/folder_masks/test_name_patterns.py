import pytest

from tfds_builders.folder_masks.name_patterns import find_in_names


def test_the_named_group_counts_before_the_first() -> None:
    pattern = r"(\w)-(?P<group>\d+)"
    assert find_in_names(pattern, ["a-12", "b-7"], "o") == {"a-12": "12", "b-7": "7"}


def test_a_name_without_a_match_is_none() -> None:
    found = find_in_names(r"^(car\d+)?", ["car7_1", "van"], "o")
    assert found == {"car7_1": "car7", "van": None}


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (
            "(car",
            "group_regex must be a regular expression, got '(car' (missing ),"
            " unterminated subpattern at position 0); correct it",
        ),
        (
            "car",
            "group_regex must hold a group in parentheses, got 'car'; write for example"
            r" '^(car\d+)_'",
        ),
        (
            "(van)",
            "group_regex must match at least one photo's name, got '(van)' and names"
            " like 'car7'; correct it, or leave it out",
        ),
    ],
    ids=["broken", "no-group", "matches-nothing"],
)
def test_a_useless_pattern_is_one_line(pattern: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        find_in_names(pattern, ["car7", "car8"], "group_regex")
    assert str(caught.value) == message
