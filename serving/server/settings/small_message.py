"""Builds protobuf messages that the wheel of the API lacks, from their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_Field = descriptor_pb2.FieldDescriptorProto
STRING = _Field.TYPE_STRING
BOOL = _Field.TYPE_BOOL
INT32 = _Field.TYPE_INT32


def message_class(name: str, fields: Mapping[str, tuple[int, int]]) -> Any:
    """Returns the class of a flat proto3 message.

    The number of an INT32 field may be an enum's on the other side: the bytes are the
    same.

    Args:
        name: The message's, without a package: other wheels may bring the real one.
        fields: Name of each field to its number and its type.
    """
    file = descriptor_pb2.FileDescriptorProto(
        name=f"carseg/serving/{name}.proto", package="carseg.serving", syntax="proto3"
    )
    message = file.message_type.add(name=name)
    for field, (number, kind) in fields.items():
        message.field.add(
            name=field, number=number, type=kind, label=_Field.LABEL_OPTIONAL
        )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName(f"carseg.serving.{name}")
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)
