"""One COCO instance file: its images, categories, annotations and licence."""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tfds_builders.coco_cars.json_walk import Keep, load_object
from tfds_builders.source_files import not_json, printable_path, read_source

Id = int | str | None
Entry = TypeVar("Entry")

_DIGEST_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedAnnotation:
    """An entry of `annotations` without its outline, which stays in the file.

    Attributes:
        id: Its own.
        image_id: Image that it belongs to.
        category_id: Category that it is of.
        outline: Digest; of equal outlines it is equal.
        start: Byte of the file at which the entry begins.
        size: Bytes that it takes.
    """

    id: Id
    image_id: Id
    category_id: Id
    outline: bytes
    start: int
    size: int


@dataclass(frozen=True, kw_only=True)
class CocoDocument:
    """The content of one file.

    Attributes:
        path: Of the file, below the user's folder.
        images: In the file's order.
        categories: Category id to name.
        annotations: In the file's order.
        licences: Names of all licences that it states, without repetition.
    """

    path: str
    images: tuple[CocoImage, ...]
    categories: Mapping[Id, str]
    annotations: tuple[ListedAnnotation, ...]
    licences: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The path as messages show it."""
        return printable_path(self.path)


def read_document(folder: Path, path: str) -> CocoDocument:
    """Reads a file below the user's folder.

    Raises:
        ValueError: It cannot be read, or is no COCO instance file; one line.
    """
    data = read_source(folder, path)
    first_byte = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
    try:
        text = data.decode("utf-8-sig")
    except ValueError as err:
        raise not_json(path, err) from err
    del data  # Not beside the text while that is walked: files are large.
    return parse_document(text, path, first_byte=first_byte)


def parse_document(text: str, path: str, *, first_byte: int = 0) -> CocoDocument:
    """Returns the typed form of a file's JSON.

    Args:
        text: The JSON.
        path: Of the file, below the user's folder.
        first_byte: Where the text begins in the file.

    Raises:
        ValueError: It is no COCO instance file; the message names the file.
    """
    where = printable_path(path)
    keep = {"images": _image, "annotations": _listing(text, first_byte)}
    try:
        content = load_object(text, keep)
    except ValueError as err:
        raise not_json(path, err) from err
    fields = content if isinstance(content, dict) else {}
    images = _entries(fields, "images", CocoImage, where)
    categories = _entries(fields, "categories", dict, where)
    annotations = _entries(fields, "annotations", ListedAnnotation, where)
    return CocoDocument(
        path=path,
        images=tuple(images),
        categories=_categories(categories, where),
        annotations=tuple(annotations),
        licences=_licences(fields),
    )


def _entries(
    fields: Mapping[str, Any], name: str, form: type[Entry], where: str
) -> list[Entry]:
    """Returns one of the lists, all entries of which were JSON objects."""
    entries = fields.get(name)
    if not isinstance(entries, list) or not all(isinstance(e, form) for e in entries):
        keys = ", ".join(sorted(map(str, fields))) or "none"
        raise ValueError(
            f"{where}: a COCO instance file has the lists images, categories and"
            f" annotations, got the keys {keys[:200]} with no such {name}; choose"
            " another file by data.options.annotations"
        )
    return entries


def _image(entry: Any, start: int, end: int) -> Any:
    del start, end
    if not isinstance(entry, dict):
        return entry
    names = [entry.get(key) for key in ("path", "file_name")]
    return CocoImage(
        id=id_of(entry.get("id")),
        names=tuple(name for name in names if isinstance(name, str) and name),
        size_px=_size_px(entry.get("height"), entry.get("width")),
    )


def _size_px(height: Any, width: Any) -> tuple[int, int] | None:
    given = [isinstance(value, int | float) and value > 0 for value in (height, width)]
    return (int(height), int(width)) if all(given) else None


def _listing(text: str, first_byte: int) -> Keep:
    """Returns what lists annotations; it must be given them in the text's order."""
    done, place = 0, first_byte

    def place_of(position: int) -> int:
        nonlocal done, place
        place += len(text[done:position].encode("utf-8"))
        done = position
        return place

    def listed(entry: Any, start: int, end: int) -> Any:
        if not isinstance(entry, dict):
            return entry
        first = place_of(start)
        outline = repr(entry.get("segmentation")).encode("utf-8")
        return ListedAnnotation(
            id=id_of(entry.get("id")),
            image_id=id_of(entry.get("image_id")),
            category_id=id_of(entry.get("category_id")),
            outline=hashlib.blake2b(outline, digest_size=_DIGEST_BYTES).digest(),
            start=first,
            size=place_of(end) - first,
        )

    return listed


def id_of(value: Any) -> Id:
    """Returns what the file gives as an id; None where it is no number and no text."""
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
