"""Who signed, and in half a sentence why nobody did."""

from __future__ import annotations

import hashlib
import random

import pytest
import yaml

from components.model_approval.signature import (
    NotSignedError,
    Signature,
    find_signature,
)


def draw_hash(seed: int) -> str:
    return hashlib.sha256(random.Random(seed).randbytes(16)).hexdigest()


MINE, OTHER = draw_hash(1), draw_hash(2)


def entry(model: str = MINE, **fields: object) -> dict[str, object]:
    return {"model": model, "approved_by": "A. Person", "reason": "all fine"} | fields


def problem(text: str) -> str:
    with pytest.raises(NotSignedError) as refused:
        find_signature(text, MINE)
    return str(refused.value)


def test_the_fields_of_the_file_are_who_and_why() -> None:
    text = (
        "# signed on Monday\n"
        f"model: {MINE}\n"
        "approved_by:   Jörg Müller \n"
        "reason: looked at the report, the three new scratches are fine\n"
    )

    assert find_signature(text, MINE) == Signature(
        approved_by="Jörg Müller",
        reason="looked at the report, the three new scratches are fine",
    )


def test_the_own_entry_of_a_list_counts_whatever_the_others_say() -> None:
    entries = [{"model": OTHER}, entry(approved_by="B"), entry(model=draw_hash(3))]

    assert find_signature(yaml.safe_dump(entries), MINE).approved_by == "B"


def test_a_text_of_a_windows_editor_is_read() -> None:
    text = "\ufeff" + yaml.safe_dump(entry()).replace("\n", "\r\n")

    assert find_signature(text, MINE).reason == "all fine"


@pytest.mark.parametrize("end", [63, 65], ids=["shorter", "longer"])
def test_a_model_is_named_by_the_whole_hash_only(end: int) -> None:
    named = (MINE + "0")[:end]

    assert (
        problem(yaml.safe_dump(entry(named))) == f"it approves another model, {named}"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is empty"),
        ("# nothing but a remark\n", "it is empty"),
        ("yes", "it has no fields model, approved_by, reason"),
        ("[yes]", "it has no fields model, approved_by, reason"),
        ("[]", "it has no field model"),
        ("[{model: a}, {}, {model: b}]", "it approves 2 models, and none of them is"),
        ("model:\napproved_by: A\nreason: b\n", "it has no field model"),
        ("approved_by: A\nreason: b: c\n", "it is no YAML in line 2 (text with a"),
        ("reason: 2026-13-45", "it is no YAML (text with a colon needs quotes)"),
        ("reason: \x07", "it is no YAML (text"),
        ("[" * 400, "it is no YAML"),
        ("!!python/object/apply:os.getcwd []", "it is no YAML in line 1"),
    ],
    ids=lambda value: value[:20],
)
def test_a_text_that_signs_nothing_is_refused(text: str, sentence: str) -> None:
    assert problem(text).startswith(sentence)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"model": OTHER}, f"it approves another model, {OTHER}"),
        ({"approved_by": None}, "its field approved_by is empty"),
        ({"approved_by": "  "}, "its field approved_by is empty"),
        ({"reason": ""}, "its field reason is empty"),
        ({"approved_by": True}, "its field approved_by is no text but True (use quo"),
        ({"reason": ["a"]}, "its field reason is no text but ['a'] (use quotes)"),
        ({"aproved_by": "A"}, "it has a field aproved_by, which says nothing here"),
    ],
    ids=str,
)
def test_a_signature_that_is_not_whole_is_refused(
    fields: dict[str, object], sentence: str
) -> None:
    assert problem(yaml.safe_dump(entry(**fields))).startswith(sentence)


@pytest.mark.parametrize("field", ["model", "approved_by", "reason"])
def test_a_field_that_is_left_out_is_named(field: str) -> None:
    values = entry()
    del values[field]

    assert problem(yaml.safe_dump(values)) == f"it has no field {field}"


def test_a_model_that_is_signed_twice_is_refused() -> None:
    text = yaml.safe_dump([entry(), entry(reason="changed my mind")])

    assert problem(text) == "it names this model 2 times"
