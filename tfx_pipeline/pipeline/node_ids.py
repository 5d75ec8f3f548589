"""How nodes and models are called that exist once per candidate."""

from __future__ import annotations


def node_id(node: str, candidate: str) -> str:
    """Returns the id; the first candidate, '', has the plain one.

    Example:
        >>> node_id("Trainer", ""), node_id("Trainer", "deeplab")
        ('Trainer', 'Trainer_deeplab')
    """
    return f"{node}_{candidate}" if candidate else node


def model_name(name: str, candidate: str) -> str:
    """Returns under which name a candidate is served, each under its own.

    Example:
        >>> model_name("carseg", ""), model_name("carseg", "deeplab")
        ('carseg', 'carseg_deeplab')
    """
    return f"{name}_{candidate}" if candidate else name


def looks_outside(node: str) -> bool:
    """Tells whether a node looks at what no cache key of a platform holds.

    Its result must not be taken from a cache where nobody looked before the run:
    SourceFingerprint looks at the sources, ModelPusher at what became of its versions.

    Args:
        node: Id of the node.

    Example:
        >>> looks_outside("ModelPusher_deeplab"), looks_outside("LiveModel")
        (True, False)
    """
    return node.partition("_")[0] in ("SourceFingerprint", "ModelPusher")
