"""The generated files are those of the .proto files that lie beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WIRE = Path("serving/wire")
NO_COMPILER = (
    "the kept modules are those of grpcio-tools 1.48.2, the last for protobuf 3.20; it "
    "has no wheel for Python 3.11 and newer"
)


def test_generating_again_changes_nothing(tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools", reason=NO_COMPILER)
    protos = sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / WIRE).glob("*.proto")
    )
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I."]

    subprocess.run(
        [*command, f"--python_out={tmp_path}", *protos], cwd=ROOT, check=True
    )

    fresh = {path.name: path.read_bytes() for path in (tmp_path / WIRE).glob("*")}
    kept = {path.name: path.read_bytes() for path in (ROOT / WIRE).glob("*_pb2.py")}
    assert len(kept) == len(protos) == 5
    assert kept == fresh, "run the command in serving/wire/__init__.py"
