"""AdamW that leaves biases and norms out of the decay, also after it was saved."""

from __future__ import annotations

from typing import Any

import keras

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.modeling.schedules import warmup_cosine

# Pulling a shift or a norm's scale to 0 regularises nothing. Keras asks by its own
# name of a weight (`bias`), on TensorFlow by the variable's: `unet/logits/bias:0`, on
# the second of several devices `unet/logits/bias/replica_1:0`.
NOT_DECAYED = r"(^|/)(bias|gamma|beta)(/replica_\d+)?(:\d+)?$"


@keras.saving.register_keras_serializable("carseg")
class KernelAdamW(keras.optimizers.AdamW):
    """AdamW with decay on kernels only.

    Keras' own `exclude_from_weight_decay` is not part of an optimizer's config, so a
    saved AdamW decays everything once it is loaded; this one excludes by its type.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exclude_from_weight_decay(var_names=[NOT_DECAYED])


def build_optimizer(config: TrainingConfig, *, total_steps: int) -> KernelAdamW:
    """Returns the configured optimizer with its schedule over all steps.

    Args:
        config: Rates, decay and clipping.
        total_steps: Steps of the whole training, all epochs together.
    """
    return KernelAdamW(
        learning_rate=warmup_cosine(
            peak=config.learning_rate,
            total_steps=total_steps,
            warmup_share=config.warmup_share,
            final_share=config.final_rate_share,
        ),
        weight_decay=config.weight_decay,
        global_clipnorm=config.clip_norm or None,
    )
