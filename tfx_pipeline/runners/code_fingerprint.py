"""Hashes the sources that a node runs: TFX's cache key does not see them."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

FIRST_PARTY = ("tfx_pipeline", "components", "tfds_builders", "serving")
_DYNAMIC_IMPORTS = ("import_module", "__import__")


def code_fingerprint(*modules: str) -> str:
    """Returns one hash for the given modules and all that they import of ours.

    A module of another package (a user's own builder) counts together with what it
    imports of its own package.

    Args:
        *modules: Dotted names; the roots of the walk.
    """
    packages = {*FIRST_PARTY, *(name.partition(".")[0] for name in modules)}
    sources: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in sources or name.partition(".")[0] not in packages:
            continue
        path = _source(name)
        if path is None:  # an attribute of a module, not a module
            continue
        sources[name] = path
        waiting += [*_parents(name), *imported_names(path)]
    for module in modules:
        if module not in sources:
            raise ValueError(f"cannot find the source of module {module!r}")
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(name.encode() + b"\0" + sources[name].read_bytes() + b"\0")
    return digest.hexdigest()


def imported_names(path: Path) -> tuple[str, ...]:
    """Returns every dotted name that a source file may import, also inside functions.

    `from a import b` gives `a` and `a.b`, since b may be a module. Calls of
    `importlib.import_module` and `__import__` count where the name is a literal.
    """
    return _imported_names(path.read_bytes(), path.name)


# Most sources are imported by many nodes, and parsing them takes nearly all the time.
@lru_cache(maxsize=2048)
def _imported_names(source: bytes, filename: str) -> tuple[str, ...]:
    tree = ast.parse(source, filename=filename)
    return tuple(name for node in ast.walk(tree) for name in _names(node))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and node.args:
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else None
        name = called.id if isinstance(called, ast.Name) else name
        target = node.args[0]
        if (
            name in _DYNAMIC_IMPORTS
            and isinstance(target, ast.Constant)
            and isinstance(target.value, str)
        ):
            yield target.value


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _source(name: str) -> Path | None:
    """Returns the file of a module without importing it."""
    package, *parts = name.split(".")
    root = _package_root(package)
    if root is None:
        return None
    if not parts:
        return root / "__init__.py" if root.is_dir() else root
    folder = root.joinpath(*parts)
    for path in (folder.with_suffix(".py"), folder / "__init__.py"):
        if path.is_file():
            return path
    return None


@lru_cache
def _package_root(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin)
    return path.parent if path.name == "__init__.py" else path
