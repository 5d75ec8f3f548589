"""For which image and places a pipeline is compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tfx_pipeline.config.usage_error import UsageError

# Registry and path, then a tag, a digest or both.
_IMAGE = re.compile(
    r"[a-z0-9][a-zA-Z0-9._-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)*"
    r"(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?"
)
_ROOT = re.compile(r"((s3|gs|minio)://[^/?#\s]+|file:///[^/?#\s]+)(/[^?#\s]*)?")
_BUCKETS = {
    "s3": (re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "a-z, 0-9, '.' and '-'"),
    "gs": (
        re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]"),
        "a-z, 0-9, '.', '_' and '-'",
    ),
}
_BUCKETS["minio"] = _BUCKETS["s3"]
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,126}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What only the person who compiles knows; none of it is looked at here.

    Attributes:
        image: Container image with this very code, for all nodes.
        pipeline_root: URI below which artifacts are kept: `s3://`, `gs://`, `minio://`;
            `file://` is for trying out without a cluster.
        described_by: Folder on this machine from which a builder reads its classes.
    """

    image: str
    pipeline_root: str
    described_by: str | None = None

    def __post_init__(self) -> None:
        if not _IMAGE.fullmatch(self.image):
            raise UsageError(
                "--image must be a container image such as"
                f" registry.example/carseg:1.0, got {self.image!r}"
            )
        if not _ROOT.fullmatch(self.pipeline_root):
            raise UsageError(
                "--pipeline-root must be s3://, gs:// or minio:// with a bucket, such"
                f" as s3://models/carseg, got {self.pipeline_root!r}"
            )
        _check_bucket(self.pipeline_root)
        if self.described_by is not None and not Path(self.described_by).is_dir():
            raise UsageError(
                f"--described-by must be an existing folder, got {self.described_by!r}"
            )


def _check_bucket(pipeline_root: str) -> None:
    """Refuses a bucket that cannot exist; a store would do so in the first node."""
    scheme, _, path = pipeline_root.partition("://")
    if scheme not in _BUCKETS:
        return
    pattern, letters = _BUCKETS[scheme]
    bucket = path.partition("/")[0]
    if not pattern.fullmatch(bucket):
        raise UsageError(
            f"the bucket of --pipeline-root must have 3 to 63 of {letters}, a letter or"
            f" digit first and last, got {bucket!r}"
        )


def check_pipeline_name(name: str) -> None:
    """Refuses a name that Kubeflow refuses."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            "run.name must be lower-case letters, digits and - for Kubeflow, got"
            f" {name!r}"
        )
