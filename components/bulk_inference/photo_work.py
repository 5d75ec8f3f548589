"""What a run does with each photo beside asking the model, given by who starts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from components.bulk_inference.photo_answer import PhotoAnswer


@dataclass(frozen=True, kw_only=True)
class KeptPhoto:
    """What is left of an answer when the pixels are put away.

    Attributes:
        fields: Goes into the photo's entry; JSON.
        lines: Pure ASCII text that belongs to it, without line breaks.
    """

    fields: Mapping[str, Any]
    lines: tuple[str, ...] = ()


class PhotoWork(Protocol):
    """Reads photos and keeps answers; travels to Beam's workers, so it is pickled."""

    @property
    def identity(self) -> str:
        """All that the results follow from beside the photos: model and settings."""

    def source(self, name: str) -> str:
        """Returns a text that changes with the photo's file; never fails."""

    def read(self, name: str) -> bytes:
        """Returns what is sent to the model.

        Raises:
            ValueError: The photo is at fault; it is not tried again as it is.
            OSError: It cannot be read now.
        """

    def keep(self, name: str, answer: PhotoAnswer) -> KeptPhoto:
        """Writes what is to be written; called from several threads.

        Raises:
            ValueError: The answer or the photo is at fault.
            FileExistsError: The place of this photo's file is taken.
            OSError: Nothing can be written any more; the run stops.
        """

    def is_kept(self, name: str, fields: Mapping[str, Any]) -> bool:
        """Says whether all that `keep` wrote is still there as it was."""
