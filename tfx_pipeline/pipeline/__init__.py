"""What is run, in which order; not where."""
