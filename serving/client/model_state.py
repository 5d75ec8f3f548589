"""What a server says of a model: its versions, and its signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from serving.wire import model_metadata_pb2, model_status_pb2, tensor_pb2


@dataclass(frozen=True, kw_only=True)
class VersionStatus:
    """One version of a model.

    Attributes:
        version: Its number.
        state: START, LOADING, AVAILABLE, UNLOADING or END.
        error_code: OK, or the status of the load that failed.
        error_message: Why it failed.
    """

    version: int
    state: str
    error_code: str
    error_message: str


@dataclass(frozen=True, kw_only=True)
class ModelStatus:
    """All versions that the server knows, the newest first."""

    versions: tuple[VersionStatus, ...]

    @property
    def is_available(self) -> bool:
        """Whether a version of these answers requests."""
        return any(version.state == "AVAILABLE" for version in self.versions)


@dataclass(frozen=True, kw_only=True)
class TensorSpec:
    """An input or output.

    Attributes:
        dtype: TensorFlow's name of the type, such as `DT_STRING`.
        shape: None for a size that is open; None in place of all where the rank is.
    """

    dtype: str
    shape: tuple[int | None, ...] | None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One function of a model, inputs and outputs by name."""

    inputs: Mapping[str, TensorSpec]
    outputs: Mapping[str, TensorSpec]


@dataclass(frozen=True, kw_only=True)
class ModelMetadata:
    """The version that answers, and its signatures by name."""

    name: str
    version: int
    signatures: Mapping[str, Signature]


def read_status(response: model_status_pb2.GetModelStatusResponse) -> ModelStatus:
    """Returns the status that a response holds."""
    state_name = model_status_pb2.ModelVersionStatus.State.Name
    code_name = model_status_pb2.Code.Name
    versions = [
        VersionStatus(
            version=entry.version,
            state=state_name(entry.state),
            error_code=code_name(entry.status.error_code),
            error_message=entry.status.error_message,
        )
        for entry in response.model_version_status
    ]
    versions.sort(key=lambda entry: -entry.version)
    return ModelStatus(versions=tuple(versions))


def read_signatures(
    definitions: model_metadata_pb2.SignatureDefMap,
) -> dict[str, Signature]:
    """Returns the signatures that a model's metadata hold."""
    return {
        name: Signature(
            inputs={alias: _spec(info) for alias, info in definition.inputs.items()},
            outputs={alias: _spec(info) for alias, info in definition.outputs.items()},
        )
        for name, definition in definitions.signature_def.items()
    }


def _spec(info: model_metadata_pb2.TensorInfo) -> TensorSpec:
    # Types that the wire format leaves out are numbers there, which name nothing.
    known = tensor_pb2.DataType.values()
    dtype = tensor_pb2.DataType.Name(info.dtype if info.dtype in known else 0)
    if info.tensor_shape.unknown_rank:
        return TensorSpec(dtype=dtype, shape=None)
    sizes = [None if dim.size < 0 else dim.size for dim in info.tensor_shape.dim]
    return TensorSpec(dtype=dtype, shape=tuple(sizes))
