"""The versions of all models: found, loaded, swapped, run."""
