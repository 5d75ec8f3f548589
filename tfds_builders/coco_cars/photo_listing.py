"""The photos of COCO files with their annotations, group and split."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from tfds_builders.coco_cars.annotation_places import AnnotationPlaces, places_of
from tfds_builders.coco_cars.coco_document import (
    CocoDocument,
    CocoImage,
    Id,
    ListedAnnotation,
)
from tfds_builders.coco_cars.photo_search import PhotoSearch
from tfds_builders.eval_draw import draw_eval
from tfds_builders.folder_masks.name_patterns import find_in_names
from tfds_builders.group_split import DEFAULT_QUOTAS, split_groups
from tfds_builders.listing import Listing, by_split
from tfds_builders.photo_files import photo_ids
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path


@dataclass(frozen=True, kw_only=True)
class CocoSource:
    """One photo and its own annotations; `split` is empty until it is drawn.

    Attributes:
        photo: Path below the user's folder.
        size_px: Height and width that it was annotated at; None where not given.
        annotations: Where they stand in the annotation file.
        example_id: Path without suffix.
        group_id: Photos of one group stay in one split.
        split: The record's split.
    """

    photo: str
    size_px: tuple[int, int] | None
    annotations: AnnotationPlaces
    example_id: str = ""
    group_id: str = ""
    split: str = ""

    def __str__(self) -> str:
        """Returns the photo's path as records and `skipped.json` show it."""
        return printable_path(self.photo)


def list_photos(
    documents: Mapping[str | None, CocoDocument],
    search: PhotoSearch,
    *,
    root: str = "",
    group_regex: str | None = None,
    same_photos: Mapping[str, str] = MappingProxyType({}),
    quotas: Mapping[str, float] | None = None,
) -> Listing[CocoSource]:
    """Joins images, photos and annotations, groups them and gives each its split.

    Args:
        documents: Annotation files by split; one without splits stands at None.
        search: Finds the photos.
        root: Beginning of all paths that ids do not repeat.
        group_regex: Finds the group in a photo's path below the root, without suffix.
        same_photos: Ids of photos without group, to the id whose group they join.
        quotas: Share of each split, for a document without split.
    """
    skipped: list[SkippedSource] = []
    drafts = [
        replace(source, split=split or "")
        for split, document in documents.items()
        for source in _sources(document, split, search, skipped)
    ]
    drafts = _each_photo_once(drafts, skipped)
    if not drafts:
        raise ValueError(_nothing_found(documents, skipped))
    drafts = _with_ids(sorted(drafts, key=lambda source: source.photo), root)
    drafts = _with_groups(drafts, group_regex, same_photos)
    placed = _placed(drafts, set(documents), quotas)
    return Listing(sources=by_split(placed), skipped=skipped)


def _sources(
    document: CocoDocument,
    split: str | None,
    search: PhotoSearch,
    skipped: list[SkippedSource],
) -> list[CocoSource]:
    """Returns the images whose photo is there, each with its annotations."""
    counts = Counter(image.id for image in document.images)
    annotations = _by_image(document, counts, split, skipped)
    sources = []
    for image in document.images:
        try:
            if counts[image.id] > 1:
                raise ValueError(
                    f"{counts[image.id]} images have the id {image.id}, so annotations"
                    " cannot be told apart; give each its own id"
                )
            photo = search.find(image.names, beside=document.where)
        except ValueError as err:
            skipped.append(
                SkippedSource(
                    source=_image_name(image, document), split=split, reason=str(err)
                )
            )
            continue
        sources.append(
            CocoSource(
                photo=photo,
                size_px=image.size_px,
                annotations=places_of(
                    document.path, image.id, annotations.get(image.id, ())
                ),
            )
        )
    return sources


def _by_image(
    document: CocoDocument,
    images: Mapping[Id, int],
    split: str | None,
    skipped: list[SkippedSource],
) -> dict[Id, list[ListedAnnotation]]:
    """Gives every image its annotations; names those without image and repetitions."""
    found: dict[Id, list[ListedAnnotation]] = defaultdict(list)
    seen: dict[tuple[Id, Id, bytes], Id] = {}
    for place, entry in enumerate(document.annotations):
        name = f"{document.where}: annotation {place if entry.id is None else entry.id}"
        key = (entry.image_id, entry.category_id, entry.outline)
        if entry.image_id not in images:
            reason = f"no image has the id {entry.image_id}; remove it or add the image"
            skipped.append(SkippedSource(source=name, split=split, reason=reason))
        elif key in seen:
            reason = f"the same category and outline as annotation {seen[key]}"
            skipped.append(
                SkippedSource(source=name, split=split, reason=reason, is_known=True)
            )
        else:
            seen[key] = entry.id
            found[entry.image_id].append(entry)
    return found


def _image_name(image: CocoImage, document: CocoDocument) -> str:
    name = image.names[-1] if image.names else f"image {image.id}"
    return f"{document.where}: {printable_path(name)}"


def _each_photo_once(
    sources: Sequence[CocoSource], skipped: list[SkippedSource]
) -> list[CocoSource]:
    counts = Counter(source.photo for source in sources)
    for photo, count in counts.items():
        if count > 1:
            reason = f"{count} images name this photo; join their annotations into one"
            skipped.append(
                SkippedSource(source=printable_path(photo), split=None, reason=reason)
            )
    return [source for source in sources if counts[source.photo] == 1]


def _nothing_found(
    documents: Mapping[str | None, CocoDocument], skipped: Sequence[SkippedSource]
) -> str:
    files = ", ".join(document.where for document in documents.values())
    first = f"{skipped[0].source}: {skipped[0].reason}" if skipped else "it has none"
    return (
        f"coco_cars: no image of {files} has a photo below manual_dir; first: {first}"
    )


def _with_ids(sources: Sequence[CocoSource], root: str) -> list[CocoSource]:
    ids = photo_ids(source.photo for source in sources)
    short = printable_path(root)
    return [
        replace(source, example_id=ids[source.photo].removeprefix(short))
        for source in sources
    ]


def _with_groups(
    sources: Sequence[CocoSource],
    group_regex: str | None,
    same_photos: Mapping[str, str],
) -> list[CocoSource]:
    """Groups photos; one in which the pattern finds nothing is a group of its own."""
    names = [source.example_id for source in sources]
    found = find_in_names(group_regex, names, "group_regex") if group_regex else {}
    groups = {name: found.get(name) or same_photos.get(name, name) for name in names}
    return [replace(source, group_id=groups[source.example_id]) for source in sources]


def _placed(
    sources: Sequence[CocoSource],
    given: set[str | None],
    quotas: Mapping[str, float] | None,
) -> list[CocoSource]:
    """Gives every photo its split where the files do not."""
    if None in given:
        sizes = Counter(source.group_id for source in sources)
        drawn = split_groups(sizes, DEFAULT_QUOTAS if quotas is None else quotas)
        return [replace(source, split=drawn[source.group_id]) for source in sources]
    if "eval" not in given:
        sizes = Counter(s.group_id for s in sources if s.split == "train")
        for_eval = draw_eval(sizes)
        return [
            replace(source, split="eval")
            if source.split == "train" and source.group_id in for_eval
            else source
            for source in sources
        ]
    return list(sources)
