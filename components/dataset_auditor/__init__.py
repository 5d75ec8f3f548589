"""The gate that decides whether a dataset may be trained on, and says why."""
