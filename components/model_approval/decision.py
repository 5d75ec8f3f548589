"""Decides whether a person approved a model, and says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from components.model_approval.signature import (
    APPROVED_BY,
    MODEL,
    REASON,
    NotSignedError,
    Signature,
    find_signature,
)
from components.model_approval.signed_file import SignedFile

NOT_ASKED = "the model was refused before, so nobody is asked to approve it"


@dataclass(frozen=True, kw_only=True)
class ApprovalDecision:
    """What the signed file says of one model.

    Attributes:
        model_name: Under which it is served.
        model_sha256: Names the model; None where there is none to approve.
        signature: Who approved it; None where nobody did.
        reasons: Sentences against it; empty where it is approved.
        seen: When the file was looked at.
        file_sha256: Of the file; None where there is none.
    """

    model_name: str
    model_sha256: str | None
    signature: Signature | None
    reasons: Sequence[str]
    seen: datetime
    file_sha256: str | None

    @property
    def approved(self) -> bool:
        """Whether a person approved this very model."""
        return self.signature is not None

    def to_dict(self) -> dict[str, Any]:
        """Returns `approval.json`."""
        seen = self.seen.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "model_name": self.model_name,
            "model_sha256": self.model_sha256,
            "approved": self.approved,
            "reasons": list(self.reasons),
            "approved_by": self.signature.approved_by if self.signature else None,
            "reason": self.signature.reason if self.signature else None,
            "seen": seen,
            "file_sha256": self.file_sha256,
        }

    def to_text(self) -> str:
        """Returns `approval.txt`: one line."""
        if self.signature is None:
            words = f"NOT APPROVED: {self.model_name}: {'; '.join(self.reasons)}"
        else:
            who, why = self.signature.approved_by, self.signature.reason
            words = f"APPROVED: {self.model_name} by {who}: {why}"
        return " ".join(words.split()) + "\n"


def decide(
    *, model_name: str, model_sha256: str | None, signed: SignedFile, now: datetime
) -> ApprovalDecision:
    """Returns the decision on a model.

    Args:
        model_name: Under which it is served.
        model_sha256: Names the model; None where a node before refused it.
        signed: What a person wrote.
        now: When that was looked at.
    """
    signature, reasons = None, [NOT_ASKED]
    if model_sha256 is not None:
        signature, reasons = _look_for(model_sha256, signed)
    return ApprovalDecision(
        model_name=model_name,
        model_sha256=model_sha256,
        signature=signature,
        reasons=reasons,
        seen=now,
        file_sha256=signed.sha256,
    )


def _look_for(
    model_sha256: str, signed: SignedFile
) -> tuple[Signature | None, list[str]]:
    if signed.text is None:
        return None, [_way_out("there is no such file", model_sha256, signed.path)]
    try:
        return find_signature(signed.text, model_sha256), []
    except NotSignedError as err:
        return None, [_way_out(str(err), model_sha256, signed.path)]


def _way_out(problem: str, model_sha256: str, path: str) -> str:
    return (
        f"a person must approve the model in {path} before it is pushed, but {problem};"
        f" write the lines '{MODEL}: {model_sha256}', '{APPROVED_BY}: ' with a name and"
        f" '{REASON}: ' with why into {path}, then run again"
    )
