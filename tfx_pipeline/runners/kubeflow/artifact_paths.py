"""Where Kubeflow Pipelines keeps an artifact inside a container, and its URI again.

The launcher downloads inputs to and uploads outputs from folders that it derives from
the URI alone (`LocalPathForURI` in `backend/src/v2/component/launcher_v2.go`), so an
executor needs no client of any object store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from tfx_pipeline.config.usage_error import UsageError

FOLDERS: Mapping[str, str] = {"s3://": "s3", "gs://": "gcs", "minio://": "minio"}
_FILE = "file://"


def local_path(uri: str, root: str = "/") -> str:
    """Returns the path at which the launcher keeps the artifact.

    Args:
        uri: Where the artifact is stored; `file://` and plain paths are where they are.
        root: Folder that holds the launcher's folders.

    Raises:
        UsageError: The launcher downloads nothing from such a place.

    Example:
        >>> local_path("s3://bucket/runs/1/examples")
        '/s3/bucket/runs/1/examples'
    """
    if uri.startswith(_FILE):
        return uri.removeprefix(_FILE)
    for scheme, folder in FOLDERS.items():
        if uri.startswith(scheme):
            return str(PurePosixPath(root, folder, uri.removeprefix(scheme)))
    if "://" in uri:
        schemes = ", ".join((*FOLDERS, _FILE))
        raise UsageError(
            f"the URI of an artifact must be a path or begin with one of {schemes}, "
            f"got {uri!r}; compile the pipeline with such a --pipeline-root"
        )
    return uri


@dataclass(frozen=True, kw_only=True)
class KeptArtifacts:
    """The artifacts of one execution.

    Attributes:
        uris: Path in the container -> URI.
    """

    uris: Mapping[str, str]

    def restored(self, text: str) -> str:
        """Returns the URI of a path that is an artifact or lies in one.

        Any other text is returned as it is.

        Example:
            >>> kept = KeptArtifacts(uris={"/s3/bucket/model": "s3://bucket/model"})
            >>> kept.restored("/s3/bucket/model/Format-Serving")
            's3://bucket/model/Format-Serving'
        """
        for path, uri in self.uris.items():
            if text == path or text.startswith(f"{path}/"):
                return uri + text.removeprefix(path)
        return text
