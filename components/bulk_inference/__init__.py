"""Asks a SavedModel about very many photos, in chunks that a broken run keeps."""
