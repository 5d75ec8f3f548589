"""The numbers that docs/evaluation.md works out by hand are the product's."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.split_totals import SplitTotals
from components.segmentation_metrics.standard_measures import standard_measures

PAGE = Path(__file__).parents[3] / "docs" / "evaluation.md"


def test_the_example_of_the_page_gives_what_it_says() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False)

    assert result.attempted >= 27
    assert result.failed == 0


def test_every_number_stands_in_the_table() -> None:
    classes = ClassNames(("background", "scratch"), background_id=0)
    measures = standard_measures(classes, rest_class="scratch")

    names = set(measures.numbers(np.zeros(measures.size)))
    table = re.search(r"## All numbers\n(.*?)\n## ", PAGE.read_text("utf-8"), re.S)
    assert table is not None
    families = {re.split(r"/", name)[0] for name in names}
    missing = [
        name
        for name in sorted(families)
        if name not in table[1] and name.removeprefix("object_recall") not in table[1]
    ]
    assert missing == []
    assert not set(SplitTotals(classes).numbers()) & names  # each has one source


@pytest.mark.parametrize("wanted", ["car", ""])
def test_an_unknown_rest_class_is_refused(wanted: str) -> None:
    classes = ClassNames(("background", "scratch"), background_id=0)

    with pytest.raises(ValueError, match="rest_class must be one of background, scr"):
        standard_measures(classes, rest_class=wanted)
