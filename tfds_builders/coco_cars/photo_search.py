"""Where the photo of a COCO image is: near its annotation file, by its name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tfds_builders.folder_files import shown_names


class PhotoSearch:
    """Finds photos below a user's folder from a listing of their paths.

    Args:
        paths: Photos relative to the folder, as the file system spells them.
        folders: Where to look; None: beside the annotation file, then from folder to
            folder upwards.
        annotation_files: All of them; one never takes photos beside another.

    Example:
        >>> search = PhotoSearch(["a/img/1.jpg", "b/img/1.jpg"])
        >>> search.find(["1.jpg"], beside="a/notes.json")
        'a/img/1.jpg'
    """

    def __init__(
        self,
        paths: Iterable[str],
        folders: Sequence[str] | None = None,
        annotation_files: Sequence[str] = (),
    ) -> None:
        self._paths = {_spelled(path): path for path in sorted(paths)}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in self._paths:
            self._by_name[path.rpartition("/")[2]].append(path)
        self._folders = (
            None if folders is None else [_as_prefix(name) for name in folders]
        )
        self._owners = {_parent(path) for path in annotation_files}

    def find(self, names: Sequence[str], *, beside: str) -> str:
        """Returns the path of an image's photo.

        Args:
            names: Paths that the annotation file gives it, the best one first.
            beside: Path of the annotation file.

        Raises:
            ValueError: No photo of these names, or more than one.
        """
        wanted = [_spelled(name.replace("\\", "/").lstrip("./")) for name in names]
        if not wanted:
            raise ValueError("an image must have a file_name; export the file again")
        foreign = self._foreign(beside)
        for level in self._levels(beside):
            found = self._in_level(wanted, level, foreign)
            if len(found) > 1:
                raise ValueError(
                    f"one photo must have this name, got {shown_names(found)}; set"
                    " data.options.images to the folder that counts"
                )
            if found:
                return self._paths[found[0]]
        raise ValueError(
            "no photo of this name; add it, or set data.options.images to the folder"
            " that holds it"
        )

    def _levels(self, beside: str) -> list[list[str]]:
        if self._folders is not None:
            return [self._folders]
        parts = _parent(beside).split("/")[:-1]
        return [
            ["".join(f"{part}/" for part in parts[:depth])]
            for depth in range(len(parts), -1, -1)
        ]

    def _foreign(self, beside: str) -> tuple[str, ...]:
        """Returns the folders of other annotation files, unless above this one."""
        if self._folders is not None:
            return ()
        own = _parent(beside)
        return tuple(owner for owner in self._owners if not own.startswith(owner))

    def _in_level(
        self, wanted: Sequence[str], prefixes: Sequence[str], foreign: tuple[str, ...]
    ) -> list[str]:
        """Returns exact paths, else any deeper ones that end in a wanted one."""
        for name in wanted:
            exact = [
                prefix + name for prefix in prefixes if prefix + name in self._paths
            ]
            if exact:
                return exact
        for name in wanted:
            below = [
                path
                for path in self._by_name.get(name.rpartition("/")[2], ())
                if path.startswith(tuple(prefixes))
                and path.endswith(f"/{name}")
                and not path.startswith(foreign)
            ]
            if below:
                return below
        return []


def _spelled(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _parent(path: str) -> str:
    folder, slash, _ = _spelled(path).rpartition("/")
    return folder + slash


def _as_prefix(folder: str) -> str:
    name = _spelled(folder).strip("/")
    return "" if name in ("", ".") else f"{name}/"
