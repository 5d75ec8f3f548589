"""Several models that were measured on the same test photos, side by side."""
