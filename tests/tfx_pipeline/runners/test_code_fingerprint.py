"""A node's fingerprint changes with the code that it runs, and with no other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tfx_pipeline.runners import code_fingerprint as module
from tfx_pipeline.runners.code_fingerprint import code_fingerprint, imported_names


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a -> b -> c, and d that nobody imports."""
    root = tmp_path / "drawn_package"
    (root / "deep").mkdir(parents=True)
    (root / "__init__.py").write_text('"""Root."""\n')
    (root / "deep" / "__init__.py").write_text("")
    (root / "a.py").write_text("import os\nfrom drawn_package import b\n")
    (root / "b.py").write_text("def f():\n    from drawn_package.deep.c import x\n")
    (root / "deep" / "c.py").write_text("x = 1\n")
    (root / "d.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "drawn_package", raising=False)
    module._package_root.cache_clear()
    return root


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("a.py", True),
        ("b.py", True),
        ("deep/c.py", True),
        ("__init__.py", True),
        ("deep/__init__.py", True),
        ("d.py", False),
    ],
)
def test_the_fingerprint_follows_imports(
    package: Path, file: str, changes: bool
) -> None:
    before = code_fingerprint("drawn_package.a")

    path = package / file
    path.write_text(path.read_text() + "# one more line\n")

    assert (code_fingerprint("drawn_package.a") != before) is changes


def test_literal_dynamic_imports_count(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import importlib\nimportlib.import_module('x.y')\n__import__('z')\n"
        "importlib.import_module(name)\n"
    )

    assert set(imported_names(path)) == {"importlib", "x.y", "z"}


def test_the_auditor_does_not_depend_on_the_builders() -> None:
    """Editing a builder must not rerun what only reads records."""
    audit = code_fingerprint("components.dataset_auditor.component")
    ingest = code_fingerprint("components.tfds_example_gen.component")

    assert audit != ingest


def test_a_module_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"module 'components\.nowhere'"):
        code_fingerprint("components.nowhere")
