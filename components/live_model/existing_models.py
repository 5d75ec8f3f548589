"""Tells a live model from the artifact that says there is none."""

from __future__ import annotations

from collections.abc import Sequence

from tfx import types

EXISTS, DAMAGE, VERSION = "exists", "damage", "version"


def existing_models(artifacts: Sequence[types.Artifact] | None) -> list[types.Artifact]:
    """Returns the artifacts that hold a model.

    Kubeflow gives every node all its inputs, so "there is no model" has to be an
    artifact too: one whose custom property `exists` is 0. A model of another origin
    does not have that property.

    Args:
        artifacts: `Model` artifacts of one input; None where it is not wired.
    """
    return [
        artifact
        for artifact in artifacts or ()
        if not artifact.has_custom_property(EXISTS)
        or artifact.get_int_custom_property(EXISTS)
    ]


def damage_of(artifacts: Sequence[types.Artifact] | None) -> str:
    """Returns what is wrong with a live model that cannot be used, '' if nothing."""
    found = [
        artifact.get_string_custom_property(DAMAGE) for artifact in artifacts or ()
    ]
    return found[0] if found else ""
