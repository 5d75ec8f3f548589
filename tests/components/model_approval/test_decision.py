"""A decision says who approved the model, or what to write where."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone

from components.model_approval.decision import NOT_ASKED, ApprovalDecision, decide
from components.model_approval.signed_file import SignedFile

MODEL = hashlib.sha256(b"drawn").hexdigest()
NOON = datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2)))


def decided(text: str | None, model: str | None = MODEL) -> ApprovalDecision:
    signed = SignedFile(path="ok.yaml", text=text)
    return decide(model_name="car", model_sha256=model, signed=signed, now=NOON)


def test_an_approval_is_written_down_whole() -> None:
    text = f"model: {MODEL}\napproved_by: Kim\nreason: |\n  seen\n  the report\n"

    decision = decided(text)

    assert decision.to_dict() == {
        "model_name": "car",
        "model_sha256": MODEL,
        "approved": True,
        "reasons": [],
        "approved_by": "Kim",
        "reason": "seen\nthe report",
        "seen": "2026-05-01T12:00:00Z",
        "file_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    assert decision.to_text() == "APPROVED: car by Kim: seen the report\n"


def test_a_missing_file_is_answered_by_what_to_write_where() -> None:
    (sentence,) = decided(None).reasons

    assert sentence == (
        "a person must approve the model in ok.yaml before it is pushed, but there is"
        f" no such file; write the lines 'model: {MODEL}', 'approved_by: ' with a name"
        " and 'reason: ' with why into ok.yaml, then run again"
    )
    values = decided(None).to_dict()
    assert (values["approved"], values["file_sha256"]) == (False, None)
    assert (values["approved_by"], values["reason"]) == (None, None)


def test_what_is_wrong_with_the_file_stands_in_the_sentence() -> None:
    decision = decided("model: abc\napproved_by: Kim\nreason: fine\n")

    (sentence,) = decision.reasons
    assert "but it approves another model, abc; write the lines 'model: " in sentence
    assert MODEL in sentence
    assert decision.to_text() == f"NOT APPROVED: car: {sentence}\n"
    assert decision.to_dict()["file_sha256"] is not None


def test_nobody_is_asked_about_a_model_that_was_refused_before() -> None:
    decision = decided("model: None\napproved_by: Kim\nreason: fine\n", model=None)

    assert (decision.approved, decision.reasons) == (False, [NOT_ASKED])
