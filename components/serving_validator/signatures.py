"""Signatures in one plain form, whether a file, gRPC or REST tells them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from tensorflow.core.protobuf import meta_graph_pb2

# signature -> "inputs" or "outputs" -> alias -> [type, sizes...]
PlainSignatures = dict[str, dict[str, dict[str, list[str]]]]
_INIT_OP = "__saved_model_init_op"


def plain_signatures(
    signatures: Mapping[str, meta_graph_pb2.SignatureDef],
) -> PlainSignatures:
    """Returns the plain form of what a SavedModel or gRPC gives."""
    return plain_json_signatures(
        {
            name: json_format.MessageToDict(
                signature,
                preserving_proto_field_name=True,
                **_with_defaults(),
            )
            for name, signature in signatures.items()
        }
    )


def plain_json_signatures(signatures: Mapping[str, Any]) -> PlainSignatures:
    """Returns the plain form of what REST gives."""
    return {
        name: {
            side: {
                alias: [info["dtype"], *_sizes(info)]
                for alias, info in signature.get(side, {}).items()
            }
            for side in ("inputs", "outputs")
        }
        for name, signature in signatures.items()
        if name != _INIT_OP
    }


def differing_signatures(stated: PlainSignatures, served: PlainSignatures) -> list[str]:
    """Returns the names of signatures that are not served as they are stated."""
    return sorted(
        name
        for name in {*stated, *served}
        if name not in stated or stated[name] != served.get(name)
    )


def _sizes(info: Mapping[str, Any]) -> list[str]:
    shape = info.get("tensor_shape", {})
    if shape.get("unknown_rank"):
        return ["unknown rank"]
    return [str(dimension["size"]) for dimension in shape.get("dim", [])]


def _with_defaults() -> dict[str, bool]:
    """The option that writes fields without a value too; protobuf 5 renamed it."""
    renamed = "always_print_fields_with_no_presence"
    known = inspect.signature(json_format.MessageToDict).parameters
    return {renamed if renamed in known else "including_default_value_fields": True}
