"""Evaluates the condition of a task over its resolved inputs.

Follows `Condition` in `backend/src/v2/expression/expression.go`: a CEL expression over
the fields of `ExecutorInput`, an error where a key is missing, and no bool is an error.
"""

from __future__ import annotations

import celpy
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2 as spec


def will_trigger(condition: str, executor_input: spec.ExecutorInput) -> bool:
    """Tells whether the task runs."""
    if not condition:
        return True
    environment = celpy.Environment()
    program = environment.program(environment.compile(condition))
    fields = json_format.MessageToDict(executor_input, preserving_proto_field_name=True)
    activation = {name: celpy.json_to_cel(value) for name, value in fields.items()}
    result = program.evaluate(activation)
    assert isinstance(result, celpy.celtypes.BoolType), f"{condition} gives {result}"
    return bool(result)
