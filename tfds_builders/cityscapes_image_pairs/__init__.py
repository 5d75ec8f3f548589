"""Cityscapes as 512x256 pictures: photo on the left, label colours on the right."""
