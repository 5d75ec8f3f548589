"""A schema's text in, a Schema artifact out."""

from __future__ import annotations

import posixpath
from typing import Any

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import io_utils

# The name that TFX's own nodes give it; whoever reads it takes the only file there is.
SCHEMA_FILE = "schema.pbtxt"


class Executor(base_executor.BaseExecutor):
    """Executor of `RecordSchema`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Writes the text, once it is known to be a schema."""
        text = exec_properties["schema_text"]
        try:
            text_format.Parse(text, schema_pb2.Schema())
        except text_format.ParseError as err:
            raise ValueError(
                f"schema_text must be the text form of a Schema proto: {err}"
            ) from err
        folder = artifact_utils.get_single_uri(output_dict["schema"])
        io_utils.write_string_file(posixpath.join(folder, SCHEMA_FILE), text)
