"""How the signature that serves photos calls its input and its answer."""

SIGNATURE = "serving_default"
INPUT = "image_bytes"
OUTPUT = "mask_png_bytes"
