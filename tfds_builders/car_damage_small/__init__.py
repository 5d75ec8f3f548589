"""Small sets of car damage, annotated with VIA, as a dataset."""
