"""Drawn cars with exact masks: seeded scenes, no download, no licence."""
