"""Where artifacts are kept between the containers, and how the launcher copies them.

Follows `UploadBlob` and `DownloadBlob` in `backend/src/v2/objectstore/object_store.go`:
files only, so a folder without a file leaves no trace.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

_FOLDER = "s3"


class ObjectStore(Protocol):
    """Brings an artifact into a container and out of it again."""

    def local_path(self, uri: str, container: Path) -> Path | None:
        """Returns where the container finds it; None where no launcher looks."""

    def download(self, uri: str, path: Path) -> None:
        """Copies what is stored to the path."""

    def upload(self, path: Path, uri: str) -> None:
        """Stores the file, or every file of the folder."""

    def forget(self, container: Path) -> None:
        """Deletes what is lost with a container."""


class InPlace:
    """`file://`: the containers share a file system. Kubeflow itself has no such."""

    def local_path(self, uri: str, container: Path) -> Path | None:
        if not uri.startswith("file:///"):
            return None
        return Path(uri.removeprefix("file://"))

    def download(self, uri: str, path: Path) -> None:
        """Copies nothing."""

    def upload(self, path: Path, uri: str) -> None:
        """Copies nothing."""

    def forget(self, container: Path) -> None:
        """Deletes nothing."""


@dataclass(frozen=True, kw_only=True)
class S3Store:
    """`s3://`, by a client of boto3."""

    client: Any

    def local_path(self, uri: str, container: Path) -> Path | None:
        if not uri.startswith("s3://"):
            return None
        return container / _FOLDER / uri.removeprefix("s3://")

    def download(self, uri: str, path: Path) -> None:
        bucket, key = _split(uri)
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=bucket, Prefix=key):
            for stored in page.get("Contents", ()):
                name = stored["Key"]
                if name != key and not name.startswith(f"{key}/"):
                    continue
                file = Path(f"{path}{name.removeprefix(key)}")
                file.parent.mkdir(parents=True, exist_ok=True)
                self.client.download_file(bucket, name, str(file))

    def upload(self, path: Path, uri: str) -> None:
        bucket, key = _split(uri)
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file():
                name = f"{key}{str(file).removeprefix(str(path))}"
                self.client.upload_file(str(file), bucket, name)

    def forget(self, container: Path) -> None:
        shutil.rmtree(container / _FOLDER)


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
