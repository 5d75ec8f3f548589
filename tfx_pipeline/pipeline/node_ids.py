"""How nodes are called that exist once per candidate model."""

from __future__ import annotations


def node_id(node: str, candidate: str) -> str:
    """Returns the id; the first candidate, '', has the plain one.

    Example:
        >>> node_id("Trainer", ""), node_id("Trainer", "deeplab")
        ('Trainer', 'Trainer_deeplab')
    """
    return f"{node}_{candidate}" if candidate else node
