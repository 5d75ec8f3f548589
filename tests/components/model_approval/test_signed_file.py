"""The signed file is read once, as it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from components.model_approval.signed_file import (
    MAX_BYTES,
    SignedFile,
    read_signed_file,
)


def test_the_text_is_kept_byte_for_byte(tmp_path: Path) -> None:
    content = "reason: schön\r\n\n".encode()
    path = tmp_path / "approval.yaml"
    path.write_bytes(content)

    signed = read_signed_file(str(path))

    assert signed.path == str(path)
    assert signed.text is not None and signed.text.encode() == content
    assert signed.sha256 == hashlib.sha256(content).hexdigest()
    assert SignedFile.from_dict(json.loads(json.dumps(signed.to_dict()))) == signed


def test_no_file_is_another_answer_than_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()

    missing = read_signed_file(str(tmp_path / "missing.yaml"))
    empty = read_signed_file(str(tmp_path / "empty.yaml"))

    assert (missing.text, missing.sha256) == (None, None)
    assert (empty.text, empty.sha256) == ("", hashlib.sha256(b"").hexdigest())
    assert SignedFile.from_dict(missing.to_dict()) == missing


def test_the_home_folder_may_be_written_as_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "approval.yaml").write_text("a")

    assert read_signed_file("~/approval.yaml") == SignedFile(
        path="~/approval.yaml", text="a"
    )


def test_the_longest_text_is_read_and_a_longer_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "approval.yaml"
    path.write_bytes(b"a" * MAX_BYTES)
    assert len(read_signed_file(str(path)).text or "") == MAX_BYTES

    path.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(ValueError, match=f"at most {MAX_BYTES} bytes, .* has more"):
        read_signed_file(str(path))


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"can be read, got .*: Is a directory"):
        read_signed_file(str(tmp_path))
    path = tmp_path / "latin.yaml"
    path.write_bytes("Jörg".encode("latin-1"))
    with pytest.raises(ValueError, match=r"text in UTF-8, .* is not \(byte 1\); save"):
        read_signed_file(str(path))
