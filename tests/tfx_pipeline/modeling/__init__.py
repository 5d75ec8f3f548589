"""Tests of the networks, losses, metrics and schedules."""
