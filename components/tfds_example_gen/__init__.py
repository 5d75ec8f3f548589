"""ExampleGen that reads a TFDS builder named by its dotted path."""
