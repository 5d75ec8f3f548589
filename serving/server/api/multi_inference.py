"""What a MultiInference request means: several signatures on the same examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tensorflow_serving.apis import inference_pb2

from serving.server.api.call import CallOptions, run
from serving.server.api.classify import CLASSIFICATION
from serving.server.api.examples import INPUT, ExampleMethod, serialize_examples
from serving.server.api.predict import DEFAULT_SIGNATURE
from serving.server.api.regress import REGRESSION
from serving.server.errors import InvalidArgumentError, UnimplementedError
from serving.server.models.servable import Runner

# Each method, and the field of an InferenceResult for what it finds.
_METHODS: dict[str, tuple[ExampleMethod[Any], str]] = {
    CLASSIFICATION.name: (CLASSIFICATION, "classification_result"),
    REGRESSION.name: (REGRESSION, "regression_result"),
}


@dataclass(frozen=True, kw_only=True)
class _Task:
    signature_name: str
    input_tensor: str
    wanted: set[str]
    method: ExampleMethod[Any]
    field: str


def multi_inference(
    runner: Runner, request: Any, options: CallOptions
) -> inference_pb2.MultiInferenceResponse:
    """Answers a MultiInferenceRequest: one result per task, in their order.

    Fills all of the response but the versions. Every task is a run of its own.

    Raises:
        ServingError: In TensorFlow Serving's words, or in those of the graph.
    """
    tasks = _read_tasks(runner, request.tasks, options)
    examples = serialize_examples(request.input)
    found = [
        run(runner, task.signature_name, {INPUT: examples}, task.wanted, options)
        for task in tasks
    ]
    response = inference_pb2.MultiInferenceResponse()
    for task, outputs in zip(tasks, found, strict=True):
        result = response.results.add()
        getattr(result, task.field).SetInParent()
        task.method.fill_result(outputs, len(examples), getattr(result, task.field))
        result.model_spec.name = request.tasks[0].model_spec.name
        result.model_spec.signature_name = task.signature_name
    return response


def _read_tasks(
    runner: Runner, sent: Sequence[Any], options: CallOptions
) -> list[_Task]:
    tasks: list[_Task] = []
    for item in sent:
        _check_model(item, sent[0])
        task = _read_task(
            runner, item, {task.signature_name for task in tasks}, options
        )
        if tasks and task.input_tensor != tasks[0].input_tensor:
            raise InvalidArgumentError(
                "Input tensor must be the same for all Signatures."
            )
        tasks.append(task)
    return tasks


def _check_model(task: Any, first: Any) -> None:
    if not task.model_spec.name:
        raise InvalidArgumentError("Found ModelSpec with an empty model name.")
    if task.model_spec.name != first.model_spec.name:
        raise InvalidArgumentError(
            "All ModelSpecs in a MultiInferenceRequest must access the same model name."
        )


def _read_task(
    runner: Runner, task: Any, known: set[str], options: CallOptions
) -> _Task:
    name = task.model_spec.signature_name or DEFAULT_SIGNATURE
    if name in known:
        raise InvalidArgumentError(f"Duplicate evaluation of signature: {name}")
    if name not in runner.signatures:
        raise InvalidArgumentError(
            f"Requested signature not found in model graph: {name}"
        )
    if task.method_name not in _METHODS:
        raise UnimplementedError(
            f"Unsupported signature method_name: {task.method_name}"
        )
    method, field = _METHODS[task.method_name]
    signature = runner.signatures[name]
    wanted = method.check(signature, options)
    return _Task(
        signature_name=name,
        input_tensor=signature.inputs[INPUT].name,
        wanted=wanted,
        method=method,
        field=field,
    )
