"""What can be configured: stages, presets, and where values come from."""
