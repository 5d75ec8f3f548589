"""The node that waits for a person's signature before a model is pushed."""
