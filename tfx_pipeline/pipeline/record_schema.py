"""The curated schema of the record: presence, types and image domains."""

from __future__ import annotations

from collections.abc import Iterable

from tfx_pipeline.config.unknown_name import unknown_name

SLICE_FEATURES = ("view", "domain", "source")
_TEXT_FEATURES = ("example_id", "group_id", "instances", "split")
_DOMAIN_VALUES = {
    "domain": ("photo", "cad", "synthetic"),
    "split": ("train", "eval", "test"),
}
_INT_RANGES = {"height": (1, None), "orientation": (1, 8), "width": (1, None)}


def schema_text(
    tasks: Iterable[str], slice_features: Iterable[str] = SLICE_FEATURES
) -> str:
    """Returns the schema as a text proto.

    Images and masks are declared as images, so that statistics count and size them
    instead of listing their bytes.

    Args:
        tasks: Every task of the dataset; each is a feature `mask/<task>`.
        slice_features: Texts that results may be sliced by.
    """
    features = {"image": _image(), **{f"mask/{task}": _image() for task in tasks}}
    features |= {name: _text(name) for name in (*_TEXT_FEATURES, *slice_features)}
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


def check_slice_features(wanted: Iterable[str], known: Iterable[str]) -> None:
    """Refuses a feature that the dataset's records do not have."""
    listed = list(known)
    for name in wanted:
        if name not in listed:
            what = unknown_name("slicing feature of this dataset", name, listed)
            raise ValueError(f"evaluate.slice_features: {what}")


def check_task(task: str, tasks: Iterable[str], dataset: str) -> None:
    """Refuses a task that the dataset has no mask for."""
    known = list(tasks)
    if task not in known:
        raise ValueError(
            f"data.task: {unknown_name(f'task of {dataset}', task, known)}"
        )
