"""What ML Metadata keeps of an artifact, and what the next task gets to see of it.

Follows `backend/src/v2/metadata/converter.go` and `client.go` (`RecordArtifact`,
`GetOutputArtifactsByExecutionId`, `ToRuntimeArtifact`).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2 as spec

# Until 2025, and what followed it.
Backend = Literal["ml metadata", "database"]

_ids = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class ArtifactRecord:
    """One stored artifact."""

    id: int
    uri: str
    metadata: Mapping[str, Any]

    @classmethod
    def of(cls, artifact: spec.RuntimeArtifact, output: str) -> ArtifactRecord:
        """Stores an output artifact under the next id."""
        fields = json_format.MessageToDict(artifact.metadata)
        metadata = {key: _stored(value, key) for key, value in fields.items()}
        return cls(
            id=next(_ids),
            uri=artifact.uri,
            metadata={"display_name": output, "store_session_info": "{}"} | metadata,
        )

    def as_input(self, backend: Backend) -> spec.ArtifactList:
        """Returns it as an input of another task: its type is not known any more."""
        artifact = spec.RuntimeArtifact(name=str(self.id), uri=self.uri)
        if backend == "ml metadata":
            artifact.type.instance_schema = ""
        else:
            artifact.type.schema_title = "Artifact"
        json_format.ParseDict(self.metadata, artifact.metadata)
        return spec.ArtifactList(artifacts=[artifact])


def _stored(value: Any, key: str) -> Any:
    match value:
        case bool():
            return float(value)
        case str() | float():
            return value
        case list():
            return {"list": value}
        case dict():
            return {"struct": value}
    raise ValueError(f"the launcher cannot store metadata {key!r}: {value!r}")
