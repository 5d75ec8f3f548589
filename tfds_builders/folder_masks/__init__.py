"""A user's own folder of photos and masks as a dataset."""
