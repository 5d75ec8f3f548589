"""Imports run one way; this fails when any forbidden arrow is planted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.import_arrows import (
    MAY_IMPORT_PACKAGE,
    MAY_IMPORT_ROOM,
    PACKAGES,
    violations,
)

ROOT = Path(__file__).parents[1]

FORBIDDEN_PACKAGES = [
    (source, target)
    for source in PACKAGES
    for target in PACKAGES
    if target != source and target not in MAY_IMPORT_PACKAGE[source]
]
FORBIDDEN_ROOMS = [
    (source, target)
    for source in MAY_IMPORT_ROOM
    for target in MAY_IMPORT_ROOM
    if target != source and target not in MAY_IMPORT_ROOM[source]
]
FORMS = {
    "import": "import {target}.planted\n",
    "from": "from {target} import planted\n",
    "in_function": "def late():\n    from {target}.planted import x\n    return x\n",
    "import_module": "import importlib\nimportlib.import_module('{target}.planted')\n",
    "dunder_import": "__import__('{target}.planted')\n",
}


def plant(root: Path, file: str, text: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_no_import_of_ours_runs_against_the_arrows() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("source", "target"), FORBIDDEN_PACKAGES, ids="->".join)
def test_a_planted_arrow_between_packages_is_found(
    tmp_path: Path, source: str, target: str, form: str
) -> None:
    plant(tmp_path, f"{source}/room/planted.py", FORMS[form].format(target=target))

    assert any(f"{source} imports {target}" in entry for entry in violations(tmp_path))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("source", "target"), FORBIDDEN_ROOMS, ids="->".join)
def test_a_planted_arrow_between_rooms_is_found(
    tmp_path: Path, source: str, target: str, form: str
) -> None:
    text = FORMS[form].format(target=f"tfx_pipeline.{target}")
    plant(tmp_path, f"tfx_pipeline/{source}/planted.py", text)

    found = violations(tmp_path)

    assert any(f"{source} imports tfx_pipeline.{target}" in entry for entry in found)


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("components/a/b.py", "from .c import d\n", "relative import"),
        ("tfx_pipeline/utils/a.py", "", "no room named utils"),
        ("tfx_pipeline/modeling/unet.py", "import tensorflow as tf\n", "free of"),
        (
            "tfx_pipeline/modeling/unet.py",
            "def f():\n    from tensorflow import keras\n    return keras\n",
            "free of",
        ),
        ("tfx_pipeline/modeling/unet.py", "import keras_cv\n", "KerasCV"),
        ("serving/client.py", "import tensorflow\n", "free of"),
        ("serving/client.py", "from tensorflow_serving import apis\n", "free of"),
        ("tfx_pipeline/data/a.py", "import serving.export\n", "only modules and cli"),
        (
            "serving/server/models/a.py",
            "import serving.server.api.call\n",
            "models imports serving.server.api.call",
        ),
        (
            "serving/server/api/a.py",
            "from serving.server.lifecycle import ModelServer\n",
            "api imports serving.server.lifecycle",
        ),
        (
            "serving/server/extra/a.py",
            "import serving.server.errors\n",
            "no folder extra",
        ),
    ],
)
def test_a_planted_breach_of_a_single_rule_is_found(
    tmp_path: Path, file: str, text: str, sentence: str
) -> None:
    plant(tmp_path, file, text)

    assert any(sentence in entry for entry in violations(tmp_path))


LOADED = """
import importlib, json, pathlib, sys
root, package, watched = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3].split(",")
sys.path.insert(0, str(root))
names = [sys.argv[2]] if len(sys.argv) > 4 else [
    ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((root / package).rglob("*.py"))
]
for name in names:
    importlib.import_module(name)
print("LOADED", *sorted({n.partition(".")[0] for n in sys.modules} & set(watched)))
"""


def loaded(
    root: Path, module: str, watched: list[str], *, only: bool = False
) -> list[str]:
    """Imports a package's modules in a fresh process; returns what came along."""
    arguments = [str(root), module, ",".join(watched), *(["only"] if only else [])]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    return done.stdout.strip().splitlines()[-1].split()[1:]


@pytest.mark.parametrize("package", ["components", "tfds_builders", "serving"])
def test_importing_all_of_a_package_loads_no_other(package: str) -> None:
    others = [name for name in PACKAGES if name != package]

    assert loaded(ROOT, package, others) == []


def test_an_import_hidden_from_the_source_walk_is_seen_at_run_time(
    tmp_path: Path,
) -> None:
    for package in PACKAGES:
        plant(tmp_path, f"{package}/__init__.py", "")
    hidden = "import importlib\nimportlib.import_module('serv' + 'ing')\n"
    plant(tmp_path, "components/planted.py", hidden)

    assert violations(tmp_path) == []
    assert loaded(tmp_path, "components", ["serving"]) == ["serving"]


HEAVY = ["tensorflow", "tfx", "apache_beam", "keras", "cv2"]


@pytest.mark.parametrize(
    "module",
    [
        *PACKAGES,
        "tfx_pipeline.cli.main",
        "tfx_pipeline.config.presets",
        "tfds_builders.taxonomy",
        "components.dataset_auditor.tolerances",
        "serving.client",
        "serving.server.flags",
        "serving.server.process",
        "tfx_pipeline.cli.serve",
    ],
)
def test_a_light_module_loads_nothing_heavy(module: str) -> None:
    assert loaded(ROOT, module, HEAVY, only=True) == []


def test_every_folder_with_sources_is_a_package_of_the_wheel() -> None:
    missing = {
        path.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not (path.parent / "__init__.py").exists()
    }

    assert missing == set()
