"""What TFX calls by dotted path: they translate, they do not think."""
