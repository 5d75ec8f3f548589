"""Names for versions, such as stable and canary."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from serving.server.errors import FailedPreconditionError, InvalidArgumentError

# Model name to label to version.
Labels = Mapping[str, Mapping[str, int]]


class VersionLabels:
    """What each label of each model means now; may be used from any thread."""

    def __init__(self) -> None:
        self._labels: Labels = {}

    def version(self, name: str, label: str) -> int:
        """Returns the version that a label means, available or not.

        Raises:
            InvalidArgumentError: The model has no such label.
        """
        number = self._labels.get(name, {}).get(label)
        if number is None:
            raise InvalidArgumentError(f"Unrecognized servable version label: {label}")
        return number

    def check(
        self,
        labels: Labels,
        available: Mapping[str, Collection[int]],
        *,
        allow_unavailable: bool,
    ) -> None:
        """Refuses labels of versions that do not answer.

        Args:
            labels: All labels that there would be.
            available: Versions that answer, by model.
            allow_unavailable: Lets any version have a label that no other one has.

        Raises:
            FailedPreconditionError: A label means a version that it must not mean.
        """
        for name, versions in labels.items():
            for label, number in versions.items():
                before = self._labels.get(name, {}).get(label, number)
                if number in available.get(name, ()):
                    continue
                if not allow_unavailable or before != number:
                    raise FailedPreconditionError(
                        f"Request to assign label to version {number} of model {name},"
                        " which is not currently available for inference"
                    )

    def replace(self, labels: Labels) -> None:
        """Takes new labels in place of all that there are."""
        self._labels = labels
