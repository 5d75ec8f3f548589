"""The numbers of a segmentation: arithmetic in NumPy, and the same inside TFMA."""
