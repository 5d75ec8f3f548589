"""One serialized record in, everything the audit needs of it out; pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.example_reader import (
    Features,
    first_bytes,
    first_int,
    first_text,
    read_example,
)
from components.dataset_auditor.mask_measures import measure_mask
from components.dataset_auditor.mask_rules import judge_mask
from components.dataset_auditor.near_duplicates import grey_thumbnail
from components.dataset_auditor.tolerances import AuditTolerances
from components.dataset_auditor.upright_image import (
    BrokenImageError,
    as_array,
    decode_mask,
    decode_photo,
)


@dataclass(kw_only=True)
class RecordAudit:
    """Measures and defects of one record, about 2 kB whatever the photo's size.

    Attributes:
        record_key: Hash of the serialized record.
        split: Artifact split that the record was read from.
        example_id: Its id; `record <hash>` where it has none.
        group_id: Its group, `''` where it has none.
        defects: Rule and sentence of what is wrong with this record alone.
        content: Hash of the upright pixels, `''` where undecodable.
        thumbnail: 32x32 grey bytes, `b''` where undecodable.
        size: Upright width and height, None where undecodable.
        class_px: Class id to pixels.
        void_px: Void pixels.
        instances: Class id to instances of this task.
        slices: Slicing feature to value, `''` where the record has none.
    """

    record_key: str
    split: str
    example_id: str
    group_id: str = ""
    defects: list[tuple[str, str]] = field(default_factory=list)
    content: str = ""
    thumbnail: bytes = b""
    size: tuple[int, int] | None = None
    class_px: dict[int, int] = field(default_factory=dict)
    void_px: int = 0
    instances: dict[int, int] = field(default_factory=dict)
    slices: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Returns one line of JSON."""
        fields = asdict(self)
        fields["thumbnail"] = base64.b64encode(self.thumbnail).decode("ascii")
        return json.dumps(fields, sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> RecordAudit:
        """Reads the line back; the inverse of `to_json`."""
        fields: dict[str, Any] = json.loads(line)
        fields["thumbnail"] = base64.b64decode(fields["thumbnail"])
        fields["defects"] = [(rule, detail) for rule, detail in fields["defects"]]
        if fields["size"] is not None:
            fields["size"] = (fields["size"][0], fields["size"][1])
        for name in ("class_px", "instances"):
            fields[name] = {int(key): n for key, n in fields[name].items()}
        return cls(**fields)


def record_key(serialized: bytes) -> str:
    """Returns the hash by which the page finds the record again."""
    return hashlib.blake2b(serialized, digest_size=12).hexdigest()


def audit_record(
    serialized: bytes,
    *,
    split: str,
    task: str,
    table: ClassTable,
    tolerances: AuditTolerances,
    slice_features: Sequence[str],
) -> RecordAudit:
    """Measures one record; what is wrong with it becomes a defect, never an error."""
    key = record_key(serialized)
    audit = RecordAudit(record_key=key, split=split, example_id=f"record {key[:8]}")
    try:
        features = read_example(serialized)
    except ValueError as err:
        audit.defects.append(("undecodable_image", f"the record is {err}"))
        return audit
    _read_identity(audit, features, slice_features)
    photo_size = _audit_photo(audit, features)
    mask_size = _audit_mask(audit, features, task, table, tolerances)
    _compare_sizes(audit, features, photo_size, mask_size)
    _count_instances(audit, features, task, table)
    return audit


def _read_identity(
    audit: RecordAudit, features: Features, slice_features: Sequence[str]
) -> None:
    for name in ("example_id", "group_id"):
        value = first_text(features, name)
        if value:
            setattr(audit, name, value)
        else:
            _missing(audit, name)
    audit.slices = {name: first_text(features, name) for name in slice_features}


def _audit_photo(audit: RecordAudit, features: Features) -> tuple[int, int] | None:
    data = first_bytes(features, "image")
    if data is None:
        _missing(audit, "image")
        return None
    try:
        photo = decode_photo(data, first_int(features, "orientation"))
    except BrokenImageError as err:
        audit.defects.append(("undecodable_image", f"the image: {err}"))
        return None
    audit.content = content_hash(photo)
    audit.thumbnail = grey_thumbnail(as_array(photo.convert("L"))).tobytes()
    audit.size = photo.size
    return photo.size


def content_hash(photo: Image.Image) -> str:
    """Hashes the upright pixels and the size, not the file."""
    digest = hashlib.blake2b(str(photo.size).encode("ascii"), digest_size=16)
    digest.update(as_array(photo).data)
    return digest.hexdigest()


def _audit_mask(
    audit: RecordAudit,
    features: Features,
    task: str,
    table: ClassTable,
    tolerances: AuditTolerances,
) -> tuple[int, int] | None:
    data = first_bytes(features, f"mask/{task}")
    if data is None:
        _missing(audit, f"mask/{task}")
        return None
    try:
        mask = decode_mask(data)
    except BrokenImageError as err:
        audit.defects.append(("undecodable_image", f"the mask: {err}"))
        return None
    measures = measure_mask(mask, table, tolerances.speck_area_px)
    audit.class_px, audit.void_px = measures.class_px, measures.void_px
    audit.defects.extend(judge_mask(measures, table, tolerances))
    return mask.size


def _compare_sizes(
    audit: RecordAudit,
    features: Features,
    photo_size: tuple[int, int] | None,
    mask_size: tuple[int, int] | None,
) -> None:
    if photo_size is None:
        return
    written = (first_int(features, "width"), first_int(features, "height"))
    for name, size in (
        ("the mask", mask_size),
        ("the record's width, height", written),
    ):
        if size is not None and None not in size and size != photo_size:
            audit.defects.append(
                (
                    "size_mismatch",
                    f"{name} is {size[0]}x{size[1]}, the upright photo"
                    f" {photo_size[0]}x{photo_size[1]}",
                )
            )


def _count_instances(
    audit: RecordAudit, features: Features, task: str, table: ClassTable
) -> None:
    try:
        entries = json.loads(first_text(features, "instances") or "[]")
        ids = [int(entry["class_id"]) for entry in entries if entry["task"] == task]
    except (ValueError, TypeError, KeyError) as err:
        audit.defects.append(
            ("bad_instances", f"`instances` is unreadable: {type(err).__name__}: {err}")
        )
        return
    for class_id in sorted(ids):
        audit.instances[class_id] = audit.instances.get(class_id, 0) + 1
    unknown = sorted(set(ids) - set(table.names))
    if unknown:
        audit.defects.append(
            (
                "bad_instances",
                f"`instances` holds class ids {unknown}, not in the taxonomy",
            )
        )


def _missing(audit: RecordAudit, name: str) -> None:
    audit.defects.append(("missing_feature", f"the record has no `{name}`"))
