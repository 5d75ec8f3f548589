"""Cross-entropy plus soft Dice over the pixels that are labelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

VOID_ID = 255


@keras.saving.register_keras_serializable("carseg")
class CrossEntropyDice(keras.losses.Loss):
    """`ce_weight` x cross-entropy + `dice_weight` x (1 - soft Dice).

    Labels are class ids [batch, height, width], predictions are logits
    [batch, height, width, classes]. Pixels with `void_id`, or with an id that is no
    class, take part in neither term and get no gradient; where no pixel is left the
    loss is 0. Cross-entropy is the weighted mean over pixels; Dice is the mean over the
    classes that the truth holds, with all labelled pixels of a class as one region.

    Args:
        ce_weight: Factor of cross-entropy.
        dice_weight: Factor of the Dice term.
        class_weights: Factor of each class in cross-entropy; None weighs alike.
        void_id: Label of pixels that do not count.
        over: `batch` takes both terms over all pixels of the batch at once; `image`
            takes them per picture and then the mean, which splits over devices
            without a change of value.
        reduction: As Keras'; of [1] with `batch`, of [batch] with `image`.
        name: Name in logs.
        **kwargs: `dtype`.

    Example:
        >>> loss = CrossEntropyDice(dice_weight=0.0)
        >>> round(float(loss([[[1, 255]]], [[[[0.0, 0.0], [9.0, 0.0]]]])), 4)
        0.6931
    """

    def __init__(
        self,
        *,
        ce_weight: float = 1.0,
        dice_weight: float = 1.0,
        class_weights: Sequence[float] | None = None,
        void_id: int = VOID_ID,
        over: str = "batch",
        reduction: str = "sum_over_batch_size",
        name: str = "cross_entropy_dice",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, reduction=reduction, **kwargs)
        if over not in ("batch", "image"):
            raise ValueError(f"over must be batch or image, got {over!r}")
        if class_weights is not None and not all(w >= 0 for w in class_weights):
            raise ValueError(
                f"class_weights must be 0 or more, got {list(class_weights)}"
            )
        self.ce_weight = ce_weight
        self.dice_weight = dice_weight
        self.class_weights = None if class_weights is None else list(class_weights)
        self.void_id = void_id
        self.over = over

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Returns the loss, [1] over the batch or [batch] over images."""
        mask_ids, logits = ops.cast(y_true, "int32"), y_pred
        num_classes = self._checked_classes(mask_ids, logits)
        pixels = (0, 1, 2) if self.over == "batch" else (1, 2)
        is_class = (mask_ids >= 0) & (mask_ids < num_classes)
        is_class = is_class & (mask_ids != self.void_id)
        counted = ops.cast(is_class, logits.dtype)[..., None]  # [b, h, w, 1]
        truth = ops.one_hot(ops.where(is_class, mask_ids, 0), num_classes)
        truth = ops.cast(truth, logits.dtype) * counted  # [b, h, w, classes]
        log_probs = ops.log_softmax(logits, axis=-1)
        loss = self.ce_weight * self._cross_entropy(truth, log_probs, pixels)
        probs = ops.exp(log_probs) * counted
        loss = loss + self.dice_weight * _dice_loss(truth, probs, pixels)
        # Keras does not divide a scalar by the number of devices: its gradients would
        # count as often as there are devices.
        return ops.reshape(loss, (-1,))

    def _checked_classes(self, mask_ids: Any, logits: Any) -> int:
        num_classes = int(logits.shape[-1])
        if num_classes < 2:
            raise ValueError(
                "the loss needs logits of 2 or more classes, got 1; give background a"
                " class of its own"
            )
        if len(mask_ids.shape) != len(logits.shape) - 1:
            raise ValueError(
                "labels must be class ids [batch, height, width], got shape"
                f" {tuple(mask_ids.shape)} for logits {tuple(logits.shape)}; drop the"
                " channel axis of the mask"
            )
        if self.class_weights and len(self.class_weights) != num_classes:
            raise ValueError(
                f"class_weights must have one value per class, got"
                f" {len(self.class_weights)} for {num_classes} classes"
            )
        return num_classes

    def _cross_entropy(self, truth: Any, log_probs: Any, pixels: Any) -> Any:
        if self.class_weights is not None:
            truth = truth * ops.array(self.class_weights, truth.dtype)
        total = ops.sum(truth * log_probs, axis=(*pixels, 3))
        return _ratio(-total, ops.sum(truth, axis=(*pixels, 3)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return super().get_config() | {
            "ce_weight": self.ce_weight,
            "dice_weight": self.dice_weight,
            "class_weights": self.class_weights,
            "void_id": self.void_id,
            "over": self.over,
            "dtype": self.dtype,
        }


def _dice_loss(truth: Any, probs: Any, pixels: Any) -> Any:
    """1 - soft Dice, the mean over classes with a true pixel; 0 without any."""
    true_pixels = ops.sum(truth, axis=pixels)  # [..., classes]
    hits = ops.sum(truth * probs, axis=pixels)
    dice = _ratio(2 * hits, true_pixels + ops.sum(probs, axis=pixels))
    present = ops.cast(true_pixels > 0, probs.dtype)
    return _ratio(ops.sum((1 - dice) * present, axis=-1), ops.sum(present, axis=-1))


def _ratio(part: Any, whole: Any) -> Any:
    """Returns part / whole, and 0 with a gradient of 0 where whole is 0."""
    is_some = whole > 0
    # A plain where() would still carry the gradient of the division by zero.
    safe = ops.where(is_some, whole, ops.ones_like(whole))
    return ops.where(is_some, part / safe, ops.zeros_like(part / safe))
