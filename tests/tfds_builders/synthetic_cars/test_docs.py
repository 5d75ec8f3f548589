"""What the documentation shows is run."""

import importlib
import re
from pathlib import Path

FOLDER = Path(importlib.import_module("tfds_builders.synthetic_cars").__file__).parent


def test_the_readme_example_runs():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.S)
    exec(compile(block, "README.md", "exec"), {})


def test_the_tags_say_licence_and_use():
    lines = (FOLDER / "TAGS.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# licence: CC0-1.0", "# commercial: yes"]


def test_painting_loads_no_tensorflow():
    sources = [p for p in FOLDER.glob("*.py") if "dataset_builder" not in p.name]
    assert len(sources) > 20
    for source in sources:
        assert "tensorflow" not in source.read_text(encoding="utf-8")
