"""TFX's Evaluator, which takes "there is no live model" for an answer."""
