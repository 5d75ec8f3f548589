"""One COCO instance file: its images, categories, annotations and licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Id = int | str | None


@dataclass(frozen=True, kw_only=True)
class CocoImage:
    """An entry of `images`.

    Attributes:
        id: What annotations name it by.
        names: Where its photo may be: `path` and `file_name` as the file gives them.
        size_px: Height and width that it was annotated at; None where not given.
    """

    id: Id
    names: tuple[str, ...]
    size_px: tuple[int, int] | None


@dataclass(frozen=True, kw_only=True)
class CocoAnnotation:
    """An entry of `annotations`, its outline not looked at yet."""

    id: Id
    image_id: Id
    category_id: Id
    segmentation: Any
    is_crowd: bool = False


@dataclass(frozen=True, kw_only=True)
class CocoDocument:
    """The content of one file.

    Attributes:
        where: Path of the file, for messages.
        images: In the file's order.
        categories: Category id to name.
        annotations: In the file's order.
        licences: Names of all licences that it states, without repetition.
    """

    where: str
    images: tuple[CocoImage, ...]
    categories: Mapping[Id, str]
    annotations: tuple[CocoAnnotation, ...]
    licences: tuple[str, ...] = ()


def parse_document(content: Any, where: str) -> CocoDocument:
    """Returns the typed form of a file's JSON.

    Raises:
        ValueError: It is no COCO instance file; the message begins with `where`.
    """
    fields = content if isinstance(content, dict) else {}
    lists = [
        _entries(fields, name, where)
        for name in ("images", "categories", "annotations")
    ]
    images, categories, annotations = lists
    return CocoDocument(
        where=where,
        images=tuple(_image(entry) for entry in images),
        categories=_categories(categories, where),
        annotations=tuple(_annotation(entry) for entry in annotations),
        licences=_licences(fields),
    )


def _entries(fields: Mapping[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    entries = fields.get(name)
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        keys = ", ".join(sorted(map(str, fields))) or "none"
        raise ValueError(
            f"{where}: a COCO instance file has the lists images, categories and"
            f" annotations, got the keys {keys[:200]} with no such {name}; choose"
            " another file by data.options.annotations"
        )
    return entries


def _image(entry: Mapping[str, Any]) -> CocoImage:
    names = [entry.get(key) for key in ("path", "file_name")]
    return CocoImage(
        id=_id(entry.get("id")),
        names=tuple(name for name in names if isinstance(name, str) and name),
        size_px=_size_px(entry.get("height"), entry.get("width")),
    )


def _size_px(height: Any, width: Any) -> tuple[int, int] | None:
    given = [isinstance(value, int | float) and value > 0 for value in (height, width)]
    return (int(height), int(width)) if all(given) else None


def _annotation(entry: Mapping[str, Any]) -> CocoAnnotation:
    return CocoAnnotation(
        id=_id(entry.get("id")),
        image_id=_id(entry.get("image_id")),
        category_id=_id(entry.get("category_id")),
        segmentation=entry.get("segmentation"),
        is_crowd=bool(entry.get("iscrowd", False)),
    )


def _id(value: Any) -> Id:
    return value if isinstance(value, int | str) else None


def _categories(entries: Sequence[Mapping[str, Any]], where: str) -> dict[Id, str]:
    categories: dict[Id, str] = {}
    for entry in entries:
        number, name = entry.get("id"), entry.get("name")
        if not isinstance(number, int) or not isinstance(name, str) or not name.strip():
            raise ValueError(
                f"{where}: a category needs a whole number as id and a name, got id"
                f" {number!r} and name {name!r}; export the file again"
            )
        if number in categories:
            raise ValueError(
                f"{where}: category ids must be unique, got {number} for"
                f" {categories[number]!r} and {name!r}; export the file again"
            )
        categories[number] = name.strip()
    return categories


def _licences(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the names in `licenses`, else the one in `info`."""
    listed = fields.get("licenses")
    names = [
        entry.get("name") or entry.get("url")
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict)
    ]
    info = fields.get("info")
    if not any(names) and isinstance(info, dict):
        names = [info.get("license") or info.get("licence")]
    texts = [name.strip() for name in names if isinstance(name, str) and name.strip()]
    return tuple(dict.fromkeys(texts))
