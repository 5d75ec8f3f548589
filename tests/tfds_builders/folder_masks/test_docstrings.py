import doctest
import importlib
import pkgutil

import pytest

from tfds_builders import folder_masks

LIGHT = [
    name
    for _, name, _ in pkgutil.iter_modules(folder_masks.__path__)
    if not name.endswith("_dataset_builder")
]


@pytest.mark.parametrize("name", LIGHT)
def test_examples_in_docstrings_hold(name: str) -> None:
    module = importlib.import_module(f"tfds_builders.folder_masks.{name}")
    assert doctest.testmod(module).failed == 0


def test_some_docstrings_have_examples() -> None:
    modules = [importlib.import_module(f"{folder_masks.__name__}.{n}") for n in LIGHT]
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [test for m in modules for test in finder.find(m) if test.examples]
    assert len(examples) >= 5
