"""The optimizer for several devices: it clips the gradient of the whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tfx_pipeline.modeling.optimizer import KernelAdamW


class MirroredAdamW(KernelAdamW):
    """Sums gradients over the devices before they are clipped.

    Keras clips what each device has worked out and sums afterwards, so that the number
    of devices would change how far a step goes (seen in Keras 3.12).

    Example:
        optimizer = MirroredAdamW.from_config(build_optimizer(...).get_config())
    """

    def _clip_gradients(self, grads: Sequence[Any]) -> Any:
        context = tf.distribute.get_replica_context()
        summed = context.all_reduce(tf.distribute.ReduceOp.SUM, list(grads))
        return super()._clip_gradients(summed)

    def _all_reduce_sum_gradients(self, grads_and_vars: Any) -> Any:
        return grads_and_vars  # they are summed already
