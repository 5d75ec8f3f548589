"""Finds imports that run against the arrows of docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tfx_pipeline.runners.code_fingerprint import imported_names

PACKAGES = ("tfx_pipeline", "components", "tfds_builders", "serving")

# Who may import whom of our four packages.
MAY_IMPORT_PACKAGE = {
    "tfx_pipeline": {"components", "tfds_builders", "serving"},
    "components": set(),
    "tfds_builders": set(),
    "serving": set(),
}

# Inside tfx_pipeline: who may import whom. A folder that is not listed may not exist.
MAY_IMPORT_ROOM = {
    "cli": {"runners", "pipeline", "evaluation", "data", "modeling", "config"},
    "runners": {"pipeline", "evaluation", "config"},
    "pipeline": {"evaluation", "config"},
    "evaluation": {"config"},
    "modules": {"training", "data", "modeling", "config"},
    "training": {"data", "modeling", "config"},
    "data": {"config"},
    "modeling": {"config"},
    "config": set(),
}

# Inside serving/server: the same for its folders. Its files may import all of them, and
# the folders these files only.
MAY_IMPORT_FOLDER = {
    "rest": {"api"},
    "rpc": {"api", "settings"},
    "api": {"models", "watching"},
    "batching": {"models", "settings", "watching"},
    "models": {"settings", "watching"},
    "settings": set(),
    "watching": set(),
}
SERVER, SERVER_BASE = "serving/server/", {"errors", "flags", "type_names"}

# Files that must not name these libraries, also not inside a function.
LIGHT_FILES = {
    "tfx_pipeline/modeling/": ("tensorflow",),
    "serving/client": ("tensorflow", "tensorflow_serving"),
    "serving/protocol": ("tensorflow", "tensorflow_serving"),
    "serving/wire": ("tensorflow", "tensorflow_serving"),
}
KERAS_CV_FILES = ("tfx_pipeline/modeling/deeplab_v3_plus.py",)


def violations(root: Path) -> list[str]:
    """Returns one sentence per forbidden import below the checkout's root."""
    found: list[str] = []
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            found += _violations_of_file(path, path.relative_to(root).as_posix())
    return found


def _violations_of_file(path: Path, name: str) -> Iterator[str]:
    package, _, rest = name.partition("/")
    room = rest.partition("/")[0] if "/" in rest else ""
    if package == "tfx_pipeline" and room and room not in MAY_IMPORT_ROOM:
        yield f"{name}: there is no room named {room} in docs/architecture.md"
    for target in imported_names(path):
        yield from _forbidden(name, package, room, target)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{name}: relative import of {node.module}"


def _forbidden(name: str, package: str, room: str, target: str) -> Iterator[str]:
    top, _, rest = target.partition(".")
    target_room = rest.partition(".")[0]
    if top in PACKAGES and top not in {package, *MAY_IMPORT_PACKAGE[package]}:
        yield f"{name}: {package} imports {target}"
    allowed_rooms = {room, *MAY_IMPORT_ROOM.get(room, set())}
    is_room = package == top == "tfx_pipeline" and target_room in MAY_IMPORT_ROOM
    if is_room and target_room not in allowed_rooms:
        yield f"{name}: {room or 'the root'} imports {target}"
    is_assembly = package == "tfx_pipeline" and room not in ("modules", "cli")
    if top == "serving" and is_assembly:
        yield f"{name}: only modules and cli import serving, here {target}"
    yield from _forbidden_in_server(name, target)
    for prefix, libraries in LIGHT_FILES.items():
        if name.startswith(prefix) and top in libraries:
            yield f"{name}: must stay free of {top}"
    if top == "keras_cv" and name not in KERAS_CV_FILES:
        yield f"{name}: KerasCV is named in {', '.join(KERAS_CV_FILES)} only"


def _forbidden_in_server(name: str, target: str) -> Iterator[str]:
    folder, _, file = name.removeprefix(SERVER).partition("/")
    package = SERVER.replace("/", ".")
    if not name.startswith(SERVER) or not file or not target.startswith(package):
        return
    if folder not in MAY_IMPORT_FOLDER:
        yield f"{name}: there is no folder {folder} in docs/architecture.md"
    allowed = {folder, *MAY_IMPORT_FOLDER.get(folder, set()), *SERVER_BASE}
    if target.removeprefix(package).partition(".")[0] not in allowed:
        yield f"{name}: {folder} imports {target}"
