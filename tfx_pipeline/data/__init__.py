"""TensorFlow operations from the record's bytes to what a model sees."""
