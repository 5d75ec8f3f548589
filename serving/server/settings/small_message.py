"""Builds protobuf messages that the wheel of the API lacks, from their fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_Field = descriptor_pb2.FieldDescriptorProto
STRING = _Field.TYPE_STRING
BOOL = _Field.TYPE_BOOL
INT32 = _Field.TYPE_INT32
INT64 = _Field.TYPE_INT64
# TensorFlow Serving's own name may be taken one day.
_PACKAGE = "carseg.serving"


def message_class(
    name: str,
    fields: Mapping[str, tuple[int, Any]],
    *,
    repeated: Collection[str] = (),
) -> Any:
    """Returns the class of a proto3 message.

    The number of an INT32 field may be an enum's on the other side: the bytes are the
    same.

    Args:
        name: The message's, without a package: other wheels may bring the real one.
        fields: Name of each field to its number and its type, or the class of the
            message that it holds.
        repeated: Fields that may have several values.
    """
    file = descriptor_pb2.FileDescriptorProto(
        name=f"carseg/serving/{name}.proto", package=_PACKAGE, syntax="proto3"
    )
    pool, message = descriptor_pool.DescriptorPool(), file.message_type.add(name=name)
    for field, (number, kind) in fields.items():
        label = _Field.LABEL_REPEATED if field in repeated else _Field.LABEL_OPTIONAL
        added = message.field.add(name=field, number=number, label=label)
        if isinstance(kind, int):
            added.type = kind
            continue
        inner = kind.DESCRIPTOR
        added.type, added.type_name = _Field.TYPE_MESSAGE, f".{inner.full_name}"
        if inner.file.name not in file.dependency:
            file.dependency.append(inner.file.name)
            pool.AddSerializedFile(inner.file.serialized_pb)
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")
    return _class_of(descriptor)


def _class_of(descriptor: Any) -> Any:
    """The class of a message, which protobuf 3 and 4 give by different names."""
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(descriptor.file.pool).GetPrototype(descriptor)
