"""The page's differences of the whole split, of each class, then of each slice."""

from __future__ import annotations

from collections.abc import Sequence

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import with_interval
from components.evaluation_report.number_text import count, score
from components.evaluation_report.page_classes import swatch
from components.evaluation_report.split_scores import SplitScore, known_scores
from components.model_gate.measurements import WHOLE, SliceKey
from components.run_comparison.change_text import change, change_interval
from components.run_comparison.compared_model import ComparedModel
from components.run_comparison.comparison import Comparison
from components.run_comparison.differences import (
    BETTER,
    WORSE,
    Difference,
    difference,
    largest_slices,
)
from components.run_comparison.model_rows import FOREGROUND

_SLICES = 20
_COLOURS = {BETTER: "good", WORSE: "bad"}


def scores_section(comparison: Comparison) -> Html:
    """Returns the scores that others report, for each model but the first."""
    first = comparison.first
    scores = known_scores(first.measured.numbers.get(WHOLE, {}))
    if not scores:
        return tag("p", "The evaluations hold none of these scores.", class_="soft")
    meanings = [
        tag("li", tag("b", entry.title), f": {entry.meaning}") for entry in scores
    ]
    parts = [
        part
        for model in comparison.others
        for part in (
            tag("h3", f"{model.name} against {first.name}"),
            table(
                _headers("score", first, model, "value"),
                [_score_row(entry, first, model) for entry in scores],
                caption=f"Scores of the whole split of {first.name}, {model.name}",
            ),
        )
    ]
    return join(tag("ul", *meanings, class_="soft"), *parts)


def classes_section(comparison: Comparison) -> Html:
    """Returns a table of IoU by class for each model but the first."""
    parts = [
        part
        for model in comparison.others
        for part in (
            tag("h3", f"{model.name} against {comparison.first.name}"),
            table(
                _headers("class", comparison.first, model, "IoU"),
                _class_rows(comparison, model),
                caption=f"IoU by class of {comparison.first.name}, {model.name}",
            ),
        )
    ]
    return join(
        tag(
            "p",
            "IoU over the pixels of all test photos together. Of many differences some"
            " leave out 0 by chance: about one in twenty where the models are equal.",
            class_="soft",
        ),
        *parts,
    )


def slices_section(comparison: Comparison) -> Html:
    """Returns the slices where each model differs most from the first."""
    parts: list[Html] = []
    for model in comparison.others:
        found = largest_slices(model, comparison.first, FOREGROUND)
        if not found:
            continue
        rows = [
            _row(
                _slice_words(key),
                FOREGROUND,
                comparison.first,
                model,
                found=entry,
                key=key,
            )
            for key, entry in found[:_SLICES]
        ]
        parts.append(tag("h3", f"{model.name} against {comparison.first.name}"))
        headers = _headers("test photos", comparison.first, model, "foreground mIoU")
        caption = "Foreground mIoU by slice, the largest difference first"
        parts.append(table(headers, rows, caption=caption))
        if len(found) > _SLICES:
            rest = f"{len(found) - _SLICES:,} more in the JSON form (--json)"
            parts.append(tag("p", rest, class_="soft"))
    if not parts:
        return tag("p", "The evaluations have no slice in common.", class_="soft")
    about = (
        "Those first where the difference is largest for certain: at the end of its"
        " interval that is nearer to 0."
    )
    return join(tag("p", about, class_="soft"), *parts)


def _score_row(
    entry: SplitScore, first: ComparedModel, model: ComparedModel
) -> list[str]:
    found = difference(model, first, entry.name)
    words, groups, _, _, *against = _row(
        entry.title, entry.name, first, model, found=found
    )
    values = [
        with_interval(score(one.number(entry.name)), one.interval(entry.name))
        for one in (first, model)
    ]
    return [words, groups, *values, *against]


def _class_rows(comparison: Comparison, model: ComparedModel) -> list[list[str]]:
    return [
        _row(
            join(swatch(class_id), name),
            f"iou/{name}",
            comparison.first,
            model,
            found=difference(model, comparison.first, f"iou/{name}"),
        )
        for class_id, name in enumerate(comparison.classes.names)
    ]


def _headers(
    what: str, first: ComparedModel, model: ComparedModel, number: str
) -> Sequence[str]:
    return (
        what,
        "groups#",
        f"{number} of {first.name}#",
        f"{number} of {model.name}#",
        "difference#",
        "95 % interval#",
        "shows",
    )


def _row(
    words: str,
    name: str,
    first: ComparedModel,
    model: ComparedModel,
    *,
    found: Difference,
    key: SliceKey = (),
) -> list[str]:
    return [
        words,
        count(found.groups),
        score(first.number(name, key)),
        score(model.number(name, key)),
        change(found.change),
        change_interval(found.interval),
        tag("span", found.word, class_=_COLOURS.get(found.word)),
    ]


def _slice_words(key: SliceKey) -> str:
    return ", ".join(f"{feature}={value or '(none)'}" for feature, value in key)
