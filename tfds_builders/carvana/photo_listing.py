"""The photos with car, view, split and the place of their mask; nothing is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tfds_builders.carvana.car_table import FACTS
from tfds_builders.carvana.carvana_files import (
    CAR_TABLE,
    MASK_TABLE,
    MASKS_FOLDER,
    CarvanaFiles,
)
from tfds_builders.carvana.mask_table import TableRow, TableRows
from tfds_builders.carvana.photo_names import (
    SortedNames,
    car_and_view,
    sort_mask_names,
    sort_photo_names,
)
from tfds_builders.group_split import SPLITS, split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path

_PHOTO_FORM = "<car>_<01..16>.jpg with 12 hexadecimal digits for the car"
_MASK_FORM = "<car>_<01..16>_mask.gif with 12 hexadecimal digits for the car"


@dataclass(frozen=True, kw_only=True)
class PhotoSource:
    """One photo and its mask, by paths below the user's folder.

    Attributes:
        photo: Path of the JPEG.
        mask: Path of the GIF, or the row of `train_masks.csv`.
        example_id: `<car>_<view>`.
        group_id: The car.
        view: `01` to `16`.
        facts: `make`, `model` and `year`, empty text where not known.
        split: Empty until it is drawn.
    """

    photo: str
    mask: str | TableRow
    example_id: str
    group_id: str
    view: str
    facts: Mapping[str, str] = field(default_factory=dict)
    split: str = ""

    def __str__(self) -> str:
        """Returns the photo's path as `skipped.json` shows it."""
        return self.photo


def photos_without_gif(files: CarvanaFiles) -> frozenset[str]:
    """Returns the names of the photos whose mask only the table can hold."""
    photos = sort_photo_names(files.photos).by_key
    masks = sort_mask_names(files.masks).by_key
    return frozenset(name for key, name in photos.items() if key not in masks)


def list_photos(
    files: CarvanaFiles,
    rows: TableRows,
    cars: Mapping[str, Mapping[str, str]],
) -> Listing[PhotoSource]:
    """Gives every photo its mask, and its car's photos one split.

    Args:
        files: Names of photos and GIF masks, in any order.
        rows: Rows of the table for the photos that have no GIF.
        cars: Make, model and year by car.

    Raises:
        ValueError: No photo is named as Carvana's are, or there are too few cars.
    """
    photos = sort_photo_names(files.photos)
    masks = sort_mask_names(files.masks)
    _refuse_other_photos(files, photos)
    found = _masks_by_key(files, photos, masks, rows)
    sources = [
        _source(f"{files.photos_folder}/{name}", key, found[key], cars)
        for key, name in photos.by_key.items()
        if key in found
    ]
    return Listing(
        sources=_placed(sources),
        skipped=[
            *_odd_names(files, photos, masks),
            *_without_mask(files, photos, found, rows),
            *_without_photo(files, photos, masks),
            *_remarks(files, rows),
        ],
    )


def _masks_by_key(
    files: CarvanaFiles, photos: SortedNames, masks: SortedNames, rows: TableRows
) -> dict[str, str | TableRow]:
    """Returns the mask of each photo that has one; a GIF wins over a row."""
    found: dict[str, str | TableRow] = {
        key: rows.rows[name] for key, name in photos.by_key.items() if name in rows.rows
    }
    gifs = {key: f"{files.masks_folder}/{name}" for key, name in masks.by_key.items()}
    return found | gifs


def _source(
    photo: str,
    key: str,
    mask: str | TableRow,
    cars: Mapping[str, Mapping[str, str]],
) -> PhotoSource:
    car, view = car_and_view(key)
    known = cars.get(car, {})
    return PhotoSource(
        photo=photo,
        mask=mask,
        example_id=key,
        group_id=car,
        view=view,
        facts={fact: known.get(fact, "") for fact in FACTS},
    )


def _placed(sources: Sequence[PhotoSource]) -> dict[str, list[PhotoSource]]:
    sizes = Counter(source.group_id for source in sources)
    if len(sizes) < len(SPLITS):
        raise ValueError(
            f"carvana: photos with masks of at least {len(SPLITS)} cars are needed, one"
            f" for each of {', '.join(SPLITS)}, got {len(sizes)}; add photos, or masks"
            f" in {MASKS_FOLDER} or {MASK_TABLE}"
        )
    drawn = split_groups(sizes)
    return by_split(replace(source, split=drawn[source.group_id]) for source in sources)


def _refuse_other_photos(files: CarvanaFiles, photos: SortedNames) -> None:
    if photos.by_key:
        return
    found = repr(printable_path(photos.odd[0])) if photos.odd else "no file"
    raise ValueError(
        f"carvana: photos in {printable_path(files.photos_folder)} must be called"
        f" {_PHOTO_FORM}, got {found} (files: {len(photos.odd)}); give the folder into"
        " which Kaggle's files were unpacked, or read your own photos with"
        " folder_masks"
    )


def _odd_names(
    files: CarvanaFiles, photos: SortedNames, masks: SortedNames
) -> list[SkippedSource]:
    return [
        _skip(f"{folder}/{name}", f"{what} must be called {form}; rename or remove it")
        for folder, names, what, form in (
            (files.photos_folder, photos.odd, "a photo", _PHOTO_FORM),
            (files.masks_folder, masks.odd, "a mask", _MASK_FORM),
        )
        for name in names
    ]


def _without_mask(
    files: CarvanaFiles, photos: SortedNames, found: Collection[str], rows: TableRows
) -> list[SkippedSource]:
    return [
        _skip(
            f"{files.photos_folder}/{name}",
            f"{MASK_TABLE} has more than one row for it; keep one"
            if name in rows.repeated
            else f"photo without a mask; add {MASKS_FOLDER}/{key}_mask.gif, or its row"
            f" in {MASK_TABLE}",
        )
        for key, name in photos.by_key.items()
        if key not in found
    ]


def _without_photo(
    files: CarvanaFiles, photos: SortedNames, masks: SortedNames
) -> list[SkippedSource]:
    return [
        _skip(
            f"{files.masks_folder}/{name}",
            f"mask without a photo; add {files.photos_folder}/{key}.jpg, or remove the"
            " mask",
        )
        for key, name in masks.by_key.items()
        if key not in photos.by_key
    ]


def _remarks(files: CarvanaFiles, rows: TableRows) -> list[SkippedSource]:
    """Returns what a reader of the report should know, though no photo is lost."""
    remarks = []
    if rows.unused:
        remarks.append(
            SkippedSource(
                source=MASK_TABLE,
                split=None,
                reason=f"{rows.unused} of its rows name no photo in"
                f" {files.photos_folder}; they are not used",
                is_known=True,
            )
        )
    if files.car_table is None:
        remarks.append(
            SkippedSource(
                source=CAR_TABLE,
                split=None,
                reason="it is not there, so make, model and year stay empty",
                is_known=True,
            )
        )
    return remarks


def _skip(path: str, reason: str) -> SkippedSource:
    return SkippedSource(source=printable_path(path), split=None, reason=reason)
