"""Names of what the packager adds to a SavedModel; imports nothing."""

from __future__ import annotations

MANIFEST_FILE = "assets.extra/manifest.json"
CARD_FILE = "assets.extra/card.md"
CARD_JSON_FILE = "assets.extra/card.json"
METRICS_FILE = "assets.extra/metrics.json"
# What is said of the model: another evaluation says other things of the same one.
DESCRIBING_FILES = frozenset({CARD_FILE, CARD_JSON_FILE, METRICS_FILE})
