"""The numbered pictures with id, block of neighbours and split; nothing is opened."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tfds_builders.cityscapes_image_pairs.pair_folders import PairFolders
from tfds_builders.eval_draw import draw_eval
from tfds_builders.folder_files import is_system_file
from tfds_builders.listing import Listing, by_split
from tfds_builders.skipped_sources import SkippedSource
from tfds_builders.source_files import printable_path

DEFAULT_BLOCK_LENGTH = 50
DEFAULT_EVAL_SHARE = 0.5

_PICTURE_NAME = re.compile(r"([0-9]+)\.jpe?g", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class PairSource:
    """One picture, by its path below the user's folder.

    `split` is empty until it is drawn.
    """

    path: str
    example_id: str
    group_id: str
    split: str = ""

    def __str__(self) -> str:
        """Returns the path as `skipped.json` shows it."""
        return printable_path(self.path)


def list_pairs(
    folders: PairFolders,
    *,
    block_length: int = DEFAULT_BLOCK_LENGTH,
    eval_share: float = DEFAULT_EVAL_SHARE,
) -> Listing[PairSource]:
    """Gives the owner's train to train and blocks of the owner's val to eval or test.

    Args:
        folders: The names of the files.
        block_length: Consecutive numbers that stay together, whether all exist or not.
        eval_share: Share of val that becomes eval.

    Raises:
        ValueError: No picture in train, or fewer than two blocks in val.
    """
    skipped: list[SkippedSource] = []
    by_folder: dict[str, list[PairSource]] = {}
    for name in folders.names:
        numbers, left_out = _number_files(folders.names[name])
        where = f"{folders.prefix}{name}/"
        by_folder[name] = _sources(where, name, numbers, block_length)
        skipped += [
            SkippedSource(
                source=printable_path(where + file),
                split="train" if name == "train" else None,
                reason=reason,
            )
            for file, reason in left_out.items()
        ]
    if not by_folder["train"]:
        got = _first(folders.names["train"])
        raise ValueError(
            f"train must hold pictures named N.jpg, got {got} in"
            f" {folders.prefix}train; give the owner's folder unchanged"
        )
    drawn = draw_blocks(
        Counter(source.group_id for source in by_folder["val"]), eval_share
    )
    sources = [replace(source, split="train") for source in by_folder["train"]] + [
        replace(source, split=drawn[source.group_id]) for source in by_folder["val"]
    ]
    return Listing(
        sources=by_split(sources), skipped=[*skipped, *_second_copy(folders)]
    )


def draw_blocks(sizes: Mapping[str, int], eval_share: float) -> dict[str, str]:
    """Draws every block into eval or test by a hash of its id, both never empty.

    Example:
        >>> draw_blocks({"val/0": 50, "val/1": 50, "val/2": 50, "val/3": 50}, 0.25)
        {'val/0': 'test', 'val/1': 'eval', 'val/2': 'test', 'val/3': 'test'}
    """
    if len(sizes) < 2:
        raise ValueError(
            "val must hold at least two blocks of numbers, one for eval and one for"
            f" test, got {len(sizes)} (pictures: {sum(sizes.values())}); lower"
            " block_length, or give the owner's folder unchanged"
        )
    in_eval = draw_eval(sizes, eval_share)
    return {block: "eval" if block in in_eval else "test" for block in sizes}


def _number_files(names: Sequence[str]) -> tuple[dict[int, str], dict[str, str]]:
    """Returns the file of every number, and why the other files have none."""
    by_number: dict[int, list[str]] = defaultdict(list)
    left_out: dict[str, str] = {}
    for name in sorted(names):
        match = _PICTURE_NAME.fullmatch(name)
        if match:
            by_number[int(match[1])].append(name)
        elif not is_system_file(name):
            left_out[name] = (
                "a picture must be named by its number, such as 17.jpg; rename or"
                " remove it"
            )
    for number, same in by_number.items():
        if len(same) > 1:
            reason = f"number {number} is given twice ({', '.join(same)}); keep one"
            left_out |= dict.fromkeys(same, reason)
    files = {number: same[0] for number, same in by_number.items() if len(same) == 1}
    return files, left_out


def _sources(
    where: str, name: str, numbers: Mapping[int, str], block_length: int
) -> list[PairSource]:
    return [
        PairSource(
            path=where + numbers[number],
            example_id=f"{name}/{number}",
            # Numbers start at 1, so 1..block_length is one block.
            group_id=f"{name}/block{(number - 1) // block_length}",
        )
        for number in sorted(numbers)
    ]


def _second_copy(folders: PairFolders) -> list[SkippedSource]:
    if folders.second_copy is None:
        return []
    return [
        SkippedSource(
            source=folders.second_copy,
            split=None,
            reason="the owner's second copy of train and val; not read",
            is_known=True,
        )
    ]


def _first(names: Sequence[str]) -> str:
    return f"{printable_path(names[0])!r} (files: {len(names)})" if names else "no file"
