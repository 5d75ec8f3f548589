"""Networks, losses, metrics and schedules: Keras and NumPy, any Keras backend."""
