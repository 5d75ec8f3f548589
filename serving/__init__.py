"""Signatures, export, local server, client and wire format of the served model."""
