"""The oracle: the same numbers by plain loops over pixels; imports nothing of ours."""

import math

VOID = 255


def count(truths, predictions, class_id):
    """TP, FP, FN of one class over photos, pixel by pixel."""
    tp = fp = fn = 0
    for truth, prediction in zip(truths, predictions, strict=True):
        for true_row, predicted_row in zip(truth, prediction, strict=True):
            for true_id, predicted_id in zip(true_row, predicted_row, strict=True):
                if true_id == VOID:
                    continue
                if true_id == class_id and predicted_id == class_id:
                    tp += 1
                elif true_id == class_id:
                    fn += 1
                elif predicted_id == class_id:
                    fp += 1
    return tp, fp, fn


def divide(part, whole, present):
    if whole:
        return part / whole
    return 0.0 if present else math.nan


def mean(values):
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def oracle(truths, predictions, names, background_id=0):
    """Returns the numbers by the names that the metric gives them."""
    numbers = {}
    ious = []
    right = counted = background = 0
    for class_id, name in enumerate(names):
        tp, fp, fn = count(truths, predictions, class_id)
        present = tp + fp + fn > 0
        ious.append(divide(tp, tp + fp + fn, present))
        numbers[f"iou/{name}"] = ious[-1]
        numbers[f"dice/{name}"] = divide(2 * tp, 2 * tp + fp + fn, present)
        numbers[f"precision/{name}"] = divide(tp, tp + fp, present)
        numbers[f"recall/{name}"] = divide(tp, tp + fn, present)
        dices = []
        for truth, prediction in zip(truths, predictions, strict=True):
            tp1, fp1, fn1 = count([truth], [prediction], class_id)
            whole = 2 * tp1 + fp1 + fn1
            dices.append(2 * tp1 / whole if whole else 1.0)
        numbers[f"image_dice/{name}"] = mean(dices)
        right += tp
        counted += tp + fn
        background += tp + fn if class_id == background_id else 0
    numbers["miou"] = mean(ious)
    numbers["foreground_miou"] = mean(
        [value for key, value in enumerate(ious) if key != background_id]
    )
    numbers["pixel_accuracy"] = right / counted if counted else math.nan
    numbers["all_background_accuracy"] = background / counted if counted else math.nan
    numbers["examples"] = len(truths)
    return numbers
