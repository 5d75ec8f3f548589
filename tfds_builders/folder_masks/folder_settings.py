"""What `taxonomy.yaml` beside a user's folders says: classes, mask code, grouping."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tfds_builders.folder_masks.mask_code import PALETTE_READINGS, MaskCode
from tfds_builders.folder_masks.yaml_fields import (
    FieldReader,
    as_rgb,
    is_integer,
    read_yaml_mapping,
)
from tfds_builders.group_split import check_quotas
from tfds_builders.record import DOMAINS, Domain
from tfds_builders.taxonomy import (
    COMMERCIAL_ANSWERS,
    VOID_ID,
    Commercial,
    SegmentationClass,
    Taxonomy,
)

SETTINGS_FILE = "taxonomy.yaml"
DEFAULT_DATASET = "folder_masks"
DEFAULT_TASK = "objects"
MAX_MASK_VALUE = 65535

_TOP_FIELDS = (
    "classes",
    "name",
    "task",
    "licence",
    "commercial",
    "background",
    "void",
    "palette",
    "domain",
    "group_regex",
    "view_regex",
    "quotas",
)
_CLASS_FIELDS = ("id", "name", "rgb", "flips_with", "values")
_TASK_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class FolderSettings:
    """The content of one `taxonomy.yaml`.

    Attributes:
        taxonomy: Classes of the folder's one task.
        mask_code: Which mask values and colours mean which class.
        group_regex: Finds a photo's group in its name; None: each photo alone.
        view_regex: Finds a photo's view in its name; None: not known.
        quotas: Share of each split; None where the file does not say.
        domain: Where the pictures come from.
    """

    taxonomy: Taxonomy
    mask_code: MaskCode
    group_regex: str | None = None
    view_regex: str | None = None
    quotas: Mapping[str, float] | None = None
    domain: Domain = "photo"


def read_folder_settings(path: Path) -> FolderSettings:
    """Reads and checks a `taxonomy.yaml`."""
    return parse_folder_settings(read_yaml_mapping(path), path.name)


def parse_folder_settings(
    fields: Mapping[str, Any], file_name: str = SETTINGS_FILE
) -> FolderSettings:
    """Returns the settings, or raises one line naming file, field, value, way out."""
    top = FieldReader(where=file_name, fields=fields)
    top.refuse_unknown(_TOP_FIELDS)
    entries = _class_readers(top)
    classes = tuple(_read_class(entry) for entry in entries)
    return FolderSettings(
        taxonomy=_read_taxonomy(top, classes),
        mask_code=MaskCode(
            ids_by_value=_ids_by_value(top, entries, classes),
            ids_by_rgb=_ids_by_rgb(top, classes),
            palette=top.choice("palette", PALETTE_READINGS, PALETTE_READINGS[0]),
        ),
        group_regex=top.text("group_regex"),
        view_regex=top.text("view_regex"),
        quotas=_read_quotas(top),
        domain=cast(Domain, top.choice("domain", DOMAINS, DOMAINS[0])),
    )


def _class_readers(top: FieldReader) -> list[FieldReader]:
    entries = top.sequence("classes", "[{id: 0, name: background, rgb: [0, 0, 0]}]")
    if not entries:
        raise ValueError(
            f"{top.where}: classes is missing or empty; add `classes:` with one"
            " `- {id: 0, name: background, rgb: [0, 0, 0]}` per class"
        )
    readers = []
    for place, entry in enumerate(entries):
        where = f"classes[{place}]"
        if not isinstance(entry, dict):
            raise top.error(
                where, "must have id, name and rgb", entry, "write `- {id: ...}`"
            )
        reader = FieldReader(where=f"{top.where}: {where}", fields=entry)
        reader.refuse_unknown(_CLASS_FIELDS)
        readers.append(reader)
    return readers


def _read_class(entry: FieldReader) -> SegmentationClass:
    return SegmentationClass(
        id=entry.integer("id", 0, VOID_ID - 1),
        name=entry.required_text("name"),
        rgb=entry.rgb("rgb"),
        flips_with=entry.text("flips_with"),
    )


def _read_taxonomy(top: FieldReader, classes: Sequence[SegmentationClass]) -> Taxonomy:
    task = top.text("task", DEFAULT_TASK) or DEFAULT_TASK
    if not _TASK_NAME.fullmatch(task):
        rule = "must be lower-case letters, digits and _"
        raise top.error("task", rule, task, f"write for example `task: {DEFAULT_TASK}`")
    ordered = tuple(sorted(classes, key=lambda entry: entry.id))
    commercial = top.choice("commercial", COMMERCIAL_ANSWERS, "unknown")
    try:
        return Taxonomy(
            dataset=top.text("name", DEFAULT_DATASET) or DEFAULT_DATASET,
            task=task,
            classes=ordered,
            licence=top.text("licence", "unknown") or "unknown",
            commercial=cast(Commercial, commercial),
            background_id=_background_id(top, ordered),
        )
    except ValueError as err:
        message = str(err)
        if message.startswith(top.where):
            raise
        raise ValueError(f"{top.where}: {message}") from err


def _background_id(
    top: FieldReader, classes: Sequence[SegmentationClass]
) -> int | None:
    """Returns the named class; else id 0 where it is called background."""
    if "background" not in top.fields:
        first = classes[0]
        return 0 if first.id == 0 and first.name.casefold() == "background" else None
    name = top.text("background")
    if name is None:
        return None
    ids = [entry.id for entry in classes if entry.name == name]
    if not ids:
        names = ", ".join(entry.name for entry in classes)
        raise top.error(
            "background", "must name a class or be null", name, f"use one of {names}"
        )
    return ids[0]


def _ids_by_value(
    top: FieldReader,
    entries: Sequence[FieldReader],
    classes: Sequence[SegmentationClass],
) -> dict[int, int]:
    """Maps mask values to ids: a class without `values` is written as its id."""
    ids: dict[int, int] = {}
    claims = [
        (entry.where, value, found.id)
        for entry, found in zip(entries, classes, strict=True)
        for value in _class_values(entry, found.id)
    ]
    void = [value for value in top.sequence("void", "[254]") if not as_rgb(value)]
    claims += [(f"{top.where}: void", value, VOID_ID) for value in void]
    for where, value, class_id in claims:
        if not is_integer(value, 0, MAX_MASK_VALUE):
            raise ValueError(
                f"{where}: a mask value must be a whole number 0..{MAX_MASK_VALUE},"
                f" got {value!r}; a void colour is written [red, green, blue]"
            )
        if ids.setdefault(value, class_id) != class_id:
            raise ValueError(
                f"{where}: mask value {value} is already class {ids[value]}"
                " (a class without `values` is written as its id); give each value"
                " to one class only"
            )
    ids.setdefault(VOID_ID, VOID_ID)
    return ids


def _class_values(entry: FieldReader, class_id: int) -> list[Any]:
    if "values" not in entry.fields:
        return [class_id]
    values = entry.sequence("values", "[255]")
    if not values:
        raise entry.error(
            "values", "must list at least one mask value", values, "or leave it out"
        )
    return values


def _ids_by_rgb(
    top: FieldReader, classes: Sequence[SegmentationClass]
) -> dict[tuple[int, int, int], int]:
    colours = {entry.rgb: entry.id for entry in classes}
    for value in top.sequence("void", "[254]"):
        colour = as_rgb(value)
        if colour and colours.setdefault(colour, VOID_ID) != VOID_ID:
            raise top.error(
                "void", "must not hold the colour of a class", value, "remove it"
            )
    return colours


def _read_quotas(top: FieldReader) -> dict[str, float] | None:
    quotas = top.fields.get("quotas")
    if quotas is None:
        return None
    numbers = isinstance(quotas, dict) and all(
        isinstance(share, int | float) and not isinstance(share, bool)
        for share in quotas.values()
    )
    way_out = "write `quotas: {train: 0.7, eval: 0.15, test: 0.15}`"
    if not numbers:
        raise top.error("quotas", "must be a number per split", quotas, way_out)
    try:
        check_quotas(quotas)
    except ValueError as err:
        raise ValueError(f"{top.where}: {err}; {way_out}") from err
    return {split: float(share) for split, share in quotas.items()}
