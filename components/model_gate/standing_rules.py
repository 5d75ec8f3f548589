"""Rules that no configuration switches off: a model must look at its photo.

On a set of 98 % background a model that says background everywhere has a pixel accuracy
of 0.98 and a mIoU of 0.49. No threshold on a score tells it from one that works.
"""

from __future__ import annotations

import math

from components.model_gate.measurements import MeanMask, Numbers, whole
from components.model_gate.rule_result import RuleResult

MIN_FOREGROUND = 0.001  # predicted foreground pixels per true one
MAX_SAMENESS = 0.85  # of grid cells; rounding at outlines takes a few from 1
# Changing cells per cell that changes in the truth; keeps a right model of photos that
# are nearly alike from being taken for a constant one.
MAX_CHANGE_OF_CONSTANT = 0.5


def judge_standing_rules(
    candidate: Numbers, mean_mask: MeanMask, mean_mask_margin: float
) -> list[RuleResult]:
    """Returns one result per standing rule; only the first if nothing was measured."""
    measured = _judge_measured(candidate)
    if not measured.passed:
        return [measured]
    background = _judge_background_only(candidate)
    if background.passed is False:
        constant = _not_judged(
            "constant_mask",
            "Whether all masks are one and the same was not judged: the rule on"
            " background-only models spoke already.",
        )
    else:
        constant = _judge_constant_mask(candidate)
    return [
        measured,
        background,
        constant,
        _judge_mean_mask(candidate, mean_mask, mean_mask_margin),
    ]


def _judge_measured(candidate: Numbers) -> RuleResult:
    examples = whole(candidate, "examples")
    passed = False
    if not examples >= 1:
        sentence = (
            "The evaluation measured no test photo, so nothing is known of the model;"
            " check the Evaluator's example_splits and its metric."
        )
    elif math.isnan(whole(candidate, "miou")):
        sentence = (
            f"The true masks of all {examples:.0f} test photos are void everywhere, so"
            " nothing is known of the model; check the task and its masks."
        )
    else:
        passed = True
        sentence = f"The model was measured on {examples:.0f} test photos."
    return RuleResult(
        rule="measured", passed=passed, sentence=sentence, number=examples, bound=1
    )


def _judge_background_only(candidate: Numbers) -> RuleResult:
    rule = "background_only"
    predicted = whole(candidate, "predicted_foreground_px")
    true = whole(candidate, "true_foreground_px")
    if math.isnan(predicted):
        return _not_judged(
            rule,
            "Whether the model says background everywhere was not judged: the taxonomy"
            " has no background.",
        )
    if not true > 0:
        return RuleResult(
            rule=rule,
            passed=False,
            sentence="The test photos show no foreground, so they cannot tell a model"
            " that finds it from one that says background everywhere; test on photos"
            " that show some.",
            bound=MIN_FOREGROUND,
        )
    share = predicted / true
    if share >= MIN_FOREGROUND:
        return RuleResult(
            rule=rule,
            passed=True,
            sentence=f"The model finds foreground: it predicts {predicted:,.0f} px"
            f" where the truth has {true:,.0f} px.",
            number=share,
            bound=MIN_FOREGROUND,
        )
    return RuleResult(
        rule=rule,
        passed=False,
        sentence="The model says background everywhere: it predicts"
        f" {predicted:,.0f} px of foreground where the truth has {true:,.0f} px. Its"
        f" mIoU of {whole(candidate, 'miou'):.4f} and pixel accuracy of"
        f" {whole(candidate, 'pixel_accuracy'):.4f} come from the background alone.",
        number=share,
        bound=MIN_FOREGROUND,
    )


def _judge_constant_mask(candidate: Numbers) -> RuleResult:
    rule = "constant_mask"
    examples = whole(candidate, "examples")
    if examples < 2:
        return _not_judged(
            rule, "Whether all masks are one and the same was not judged: one photo."
        )
    single = whole(candidate, "single_class_predictions")
    if single == examples > whole(candidate, "single_class_truths"):
        return RuleResult(
            rule=rule,
            passed=False,
            sentence=f"The model fills every photo with one class: {single:.0f} of"
            f" {examples:.0f} predicted masks hold a single id, of the true ones"
            f" {whole(candidate, 'single_class_truths'):.0f}.",
            number=single,
            bound=examples,
        )
    return _judge_sameness(rule, candidate)


def _judge_sameness(rule: str, candidate: Numbers) -> RuleResult:
    predicted = whole(candidate, "predicted_sameness")
    true = whole(candidate, "true_sameness")
    if true >= MAX_SAMENESS:
        return _not_judged(
            rule,
            "Whether all masks are one and the same was not judged: the true masks are"
            f" ({true:.1%} of the cells that are not always background never change).",
        )
    allowed = MAX_CHANGE_OF_CONSTANT * (1 - (0.0 if math.isnan(true) else true))
    constant = predicted >= MAX_SAMENESS and 1 - predicted <= allowed
    found = (
        "The model gives one and the same mask for every photo"
        if constant
        else "The masks change with the photo"
    )
    return RuleResult(
        rule=rule,
        passed=not constant,
        sentence=f"{found}: {predicted:.1%} of the cells that are not always background"
        f" never change, in the true masks {true:.1%}.",
        number=predicted,
        bound=MAX_SAMENESS,
    )


def _judge_mean_mask(
    candidate: Numbers, mean_mask: MeanMask, margin: float
) -> RuleResult:
    rule = "mean_mask"
    metric = "foreground_miou"
    score = whole(candidate, metric)
    if not (mean_mask.train_examples and mean_mask.test_examples):
        return RuleResult(
            rule=rule,
            passed=False,
            sentence="There is no mean mask of the training set to beat: it needs masks"
            f" to train and to test on, there are {mean_mask.train_examples} and"
            f" {mean_mask.test_examples}; give the gate Examples with both splits.",
            metric=metric,
        )
    if math.isnan(mean_mask.foreground_miou) or math.isnan(score):
        return _not_judged(
            rule,
            "Whether the model beats the training set's mean mask was not judged: there"
            f" is no foreground to score ({mean_mask.train_examples} training and"
            f" {mean_mask.test_examples} test masks).",
            metric=metric,
        )
    bound = mean_mask.foreground_miou + margin
    passed = score > bound
    beats = "beats" if passed else "does not beat"
    return RuleResult(
        rule=rule,
        passed=passed,
        sentence=f"The model {beats} the training set's mean mask, which ignores the"
        f" photo: foreground mIoU {score:.4f} against"
        f" {mean_mask.foreground_miou:.4f} and a margin of {margin:g}.",
        number=score,
        bound=bound,
        reference=mean_mask.foreground_miou,
        metric=metric,
    )


def _not_judged(rule: str, sentence: str, metric: str | None = None) -> RuleResult:
    return RuleResult(rule=rule, passed=None, sentence=sentence, metric=metric)
