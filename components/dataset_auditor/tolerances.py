"""How much of each finding a dataset may have before the audit refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class AuditTolerances:
    """Bounds of the audit; a dataset that stays within all of them is blessed.

    A field named `..._share` is a share 0..1 of the audited records, except where
    its line says otherwise; every other `max_...` is a count.

    Attributes:
        min_examples_per_split: Raise it to refuse splits too small to measure on.
        max_skipped_share: Lower refuses where the builder dropped more sources; the
            ingest has its own bound, data.max_skipped_share.
        max_undecodable_share: Higher accepts more records whose image or mask is
            broken; training fails or skips them later.
        max_missing_feature_share: Higher accepts records without image, mask, id
            or group.
        max_size_mismatch_share: Higher accepts masks of another size than their
            photo.
        max_unknown_id_share: Higher accepts masks with ids outside the taxonomy.
        max_bad_instances_share: Higher accepts instance lists that cannot be read.
        max_empty_mask_share: Higher accepts masks without any labelled pixel.
        max_background_only_share: Higher accepts more photos that show none of the
            classes.
        void_share_per_image: An image with a larger void share (of its pixels) is a
            finding; lower lists more images.
        max_void_heavy_share: Higher accepts more images over
            `void_share_per_image`; 1 only warns.
        max_void_share: Higher accepts a larger void share of all mask pixels.
        speck_area_px: Connected pieces of a class below this area are specks;
            0 switches the rule off, a larger value finds more.
        max_specks_per_image: An image with more specks is a finding.
        max_specky_share: Higher accepts more such images; 1 only warns.
        max_duplicate_example_ids: Higher accepts ids that several records share.
        max_groups_in_two_splits: Higher accepts leakage by group.
        max_exact_duplicates: Higher accepts pictures whose very pixels lie in two
            splits; inside one split they only warn.
        near_duplicate_similarity: Aligned correlation -1..1 from which two pictures
            of different splits and groups are one picture; lower finds harder
            copies and more false pairs.
        max_near_duplicate_pairs: Higher accepts leakage by look-alikes.
        max_anomalies: Higher accepts anomalies reported by ExampleValidator.
    """

    min_examples_per_split: int = 1
    max_skipped_share: float = 1.0
    max_undecodable_share: float = 0.01
    max_missing_feature_share: float = 0.0
    max_size_mismatch_share: float = 0.0
    max_unknown_id_share: float = 0.0
    max_bad_instances_share: float = 0.0
    max_empty_mask_share: float = 0.01
    max_background_only_share: float = 0.5
    void_share_per_image: float = 0.9
    max_void_heavy_share: float = 1.0
    max_void_share: float = 0.5
    speck_area_px: int = 9
    max_specks_per_image: int = 50
    max_specky_share: float = 1.0
    max_duplicate_example_ids: int = 0
    max_groups_in_two_splits: int = 0
    max_exact_duplicates: int = 0
    near_duplicate_similarity: float = 0.95
    max_near_duplicate_pairs: int = 0
    max_anomalies: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type == "int":
                _check_count(field.name, value)
            else:
                _check_share(field.name, value)
        if self.near_duplicate_similarity < 0.5:
            raise ValueError(
                "near_duplicate_similarity must be 0.5..1, got"
                f" {self.near_duplicate_similarity}; below 0.5 unrelated pictures pair"
            )

    def to_dict(self) -> dict[str, int | float]:
        """Returns the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> AuditTolerances:
        """Reads the JSON form; the inverse of `to_dict`, missing fields default."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(
                f"unknown tolerance {', '.join(unknown)}; known are"
                f" {', '.join(sorted(known))}"
            )
        return cls(**values)


def _check_count(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} must be a whole number >= 0, got {value!r}")


def _check_share(name: str, value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
        raise ValueError(f"{name} must be a share 0..1, got {value!r}")
