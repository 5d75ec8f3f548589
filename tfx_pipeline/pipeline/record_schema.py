"""The curated schema of the record: presence, types and image domains."""

from __future__ import annotations

from collections.abc import Iterable

from tfx_pipeline.config.unknown_name import unknown_name

_TEXT_FEATURES = ("example_id", "group_id", "instances", "source", "split", "view")
_DOMAIN_VALUES = {
    "domain": ("photo", "cad", "synthetic"),
    "split": ("train", "eval", "test"),
}
_INT_RANGES = {"height": (1, None), "orientation": (1, 8), "width": (1, None)}


def schema_text(tasks: Iterable[str]) -> str:
    """Returns the schema as a text proto.

    Images and masks are declared as images, so that statistics count and size them
    instead of listing their bytes.

    Args:
        tasks: Every task of the dataset; each is a feature `mask/<task>`.
    """
    features = {"image": _image(), **{f"mask/{task}": _image() for task in tasks}}
    features |= {name: _text(name) for name in (*_TEXT_FEATURES, "domain")}
    features |= {name: _integer(*bounds) for name, bounds in _INT_RANGES.items()}
    return "".join(
        f'feature {{\n  name: "{name}"\n{body}{_ALWAYS_ONE}}}\n'
        for name, body in sorted(features.items())
    )


_ALWAYS_ONE = (
    "  presence { min_fraction: 1.0 min_count: 1 }\n  shape { dim { size: 1 } }\n"
)


def _image() -> str:
    return "  type: BYTES\n  image_domain { }\n"


def _text(name: str) -> str:
    values = "".join(f' value: "{value}"' for value in _DOMAIN_VALUES.get(name, ()))
    domain = f'  string_domain {{ name: "{name}"{values} }}\n' if values else ""
    return "  type: BYTES\n" + domain


def _integer(low: int, high: int | None) -> str:
    bounds = f"min: {low}" + (f" max: {high}" if high is not None else "")
    return f"  type: INT\n  int_domain {{ {bounds} }}\n"


def check_task(task: str, tasks: Iterable[str], dataset: str) -> None:
    """Refuses a task that the dataset has no mask for."""
    known = list(tasks)
    if task not in known:
        raise ValueError(
            f"data.task: {unknown_name(f'task of {dataset}', task, known)}"
        )
