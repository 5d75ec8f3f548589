"""TFX nodes and their Beam transforms; they know nothing of cars."""
