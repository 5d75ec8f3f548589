"""Plain NumPy and plain loops that import nothing of ours: what must come out."""

from __future__ import annotations

import numpy as np


def cross_entropy_dice(
    mask_ids: np.ndarray,
    logits: np.ndarray,
    *,
    ce_weight: float = 1.0,
    dice_weight: float = 1.0,
    class_weights: list[float] | None = None,
    void_id: int = 255,
) -> float:
    """The loss of all pixels given, pixel by pixel; 0 where none is labelled."""
    num_classes = logits.shape[-1]
    weights = class_weights or [1.0] * num_classes
    true_pixels, hits, probs = (np.zeros(num_classes) for _ in range(3))
    ce_sum = weight_sum = 0.0
    for label, scores in zip(
        mask_ids.reshape(-1), logits.reshape(-1, num_classes).astype(float), strict=True
    ):
        if label == void_id or not 0 <= label < num_classes:
            continue
        exps = np.exp(scores - scores.max())
        prob = exps / exps.sum()
        ce_sum += -weights[label] * np.log(prob[label])
        weight_sum += weights[label]
        true_pixels[label] += 1
        hits[label] += prob[label]
        probs += prob
    if not weight_sum:
        return 0.0
    present = true_pixels > 0
    dice = 2 * hits[present] / (true_pixels[present] + probs[present])
    return ce_weight * ce_sum / weight_sum + dice_weight * float(np.mean(1 - dice))


def class_ious(
    truth: np.ndarray, prediction: np.ndarray, num_classes: int, void_id: int = 255
) -> list[float]:
    """IoU of each class, NaN where neither truth nor prediction holds it."""
    values = []
    for class_id in range(num_classes):
        hits = misses = false_alarms = 0
        for true_id, seen_id in zip(truth.flat, prediction.flat, strict=True):
            if true_id == void_id:
                continue
            hits += int(true_id == class_id and seen_id == class_id)
            misses += int(true_id == class_id and seen_id != class_id)
            false_alarms += int(true_id != class_id and seen_id == class_id)
        union = hits + misses + false_alarms
        values.append(hits / union if union else float("nan"))
    return values
