"""Every builder's folder says what it is, and the examples in docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import tfds_builders

ROOT = Path(tfds_builders.__path__[0])
BUILDERS = sorted(path.parent for path in ROOT.glob("*/*_dataset_builder.py"))
MODULES = [
    name
    for _, name, is_package in pkgutil.walk_packages(
        tfds_builders.__path__, "tfds_builders."
    )
    # Those import TFDS, for seconds, and their examples would build datasets.
    if not is_package and not name.endswith(("_dataset_builder", ".record_builder"))
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    module = importlib.import_module(name)

    assert doctest.testmod(module, extraglobs={"np": np}).failed == 0


def test_many_docstrings_have_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [
        test
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
        if test.examples
    ]

    assert len(examples) >= 15


@pytest.mark.parametrize("folder", BUILDERS, ids=lambda folder: folder.name)
def test_a_builders_folder_says_licence_use_and_source(folder: Path) -> None:
    tags = (folder / "TAGS.txt").read_text("utf-8").splitlines()
    readme = (folder / "README.md").read_text("utf-8")
    citation = (folder / "CITATIONS.bib").read_text("utf-8")

    assert re.match(r"# licence: \S", tags[0])
    assert re.match(r"# commercial: (yes|no|unknown)\b", tags[1])
    assert "ml.task.image-segmentation" in tags
    assert readme.startswith("# ")
    assert len(readme.split()) > 100
    assert re.match(r"@\w+\{\w+,\n", citation)
