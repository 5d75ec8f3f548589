"""The rules that keep a model out of production, each a pure function to sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from components.model_packager.saved_model_file import PlacedNode

# What an operation's name says it does. A served model gets bytes in its request; it
# has no business with files, and no server runs Python.
_FORBIDDEN = (
    ("runs Python", r"PyFunc|PyFuncStateless|EagerPyFunc"),
    (
        "reads files",
        r"ReadFile|MatchingFiles|ImmutableConst|LoadAndRemapMatrix|LMDB\w*|SqlDataset"
        r"|InitializeTableFromTextFile(V2)?|\w*Reader\w*",
    ),
    (
        "writes files",
        r"WriteFile|SaveDataset\w*|DatasetToTFRecord|SummaryWriter|Write\w*Summary"
        r"|CreateSummary\w*Writer",
    ),
    ("reads an input pipeline", r"\w*Iterator\w*|\w*Dataset\w*"),
)
# TensorFlow writes these itself, to load and to save the variables.
_CHECKPOINT = r"(Save|Restore)(V2|Slices?)?|MergeV2Checkpoints"
# Operations that can write to a file that an attribute of theirs names.
_STREAM_ATTRIBUTES = {
    "PrintV2": "output_stream",
    "DebugIdentity": "debug_urls",
    "DebugIdentityV2": "debug_urls",
    "DebugIdentityV3": "debug_urls",
    "DebugNanCount": "debug_urls",
    "DebugNumericSummary": "debug_urls",
}
_FILE_SCHEME = b"file://"


def refuse_version(made_with: str, target_version: str) -> list[str]:
    """Returns a sentence where the server may be too old for the model.

    A newer TensorFlow reads an older model, not the reverse; patches of one minor
    version read each other's.

    Example:
        >>> refuse_version("2.16.2", "2.16")
        []
    """
    if not _minor_version(made_with):
        return [
            "the model must say which TensorFlow made it, it says"
            f" {made_with!r}; export it again"
        ]
    if _minor_version(made_with) <= check_version(target_version):
        return []
    return [
        f"the model was made with TensorFlow {made_with}, newer than the servers'"
        f" {target_version} (package.target_version); train it with the older one,"
        " or update the servers first"
    ]


def check_version(target_version: str) -> tuple[int, ...]:
    """Returns major and minor number of a version.

    Raises:
        ValueError: It is not written like 2.16 or 2.16.1.
    """
    numbers = _minor_version(target_version)
    if not numbers:
        raise ValueError(
            "package.target_version must be written like 2.16 or 2.16.1, got"
            f" {target_version!r}"
        )
    return numbers


def refuse_operations(nodes: Iterable[PlacedNode]) -> list[str]:
    """Returns a sentence per node that touches files or runs Python."""
    return sorted(
        f"the model has the operation {placed.node.op}, which {what}:"
        f" {placed.place}; take it out of the exported functions"
        for placed in nodes
        if (what := _what_it_does(placed))
    )


def _minor_version(version: str) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)(\.|$|[-a-z+])", version)
    return (int(found[1]), int(found[2])) if found else ()


def _what_it_does(placed: PlacedNode) -> str | None:
    """Returns what is wrong with the node, None where nothing is."""
    operation = placed.node.op
    for what, pattern in _FORBIDDEN:
        if re.fullmatch(pattern, operation):
            return what
    if placed.is_served and re.fullmatch(_CHECKPOINT, operation):
        return "reads or writes files while it answers"
    attribute = placed.node.attr.get(_STREAM_ATTRIBUTES.get(operation, ""))
    if attribute is not None:
        streams = (attribute.s, *attribute.list.s)
        if any(stream.startswith(_FILE_SCHEME) for stream in streams):
            return "writes files"
    return None
