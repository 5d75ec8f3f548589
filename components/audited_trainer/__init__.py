"""TFX's Trainer that also knows how many pixels each class has."""
