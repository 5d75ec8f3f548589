"""Calls that send a list of tf.Example: what Classify and Regress have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from serving.server.api.call import CallOptions, run
from serving.server.api.predict import DEFAULT_SIGNATURE
from serving.server.errors import InvalidArgumentError
from serving.server.models.servable import Runner

INPUT = "inputs"

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class ExampleMethod(Generic[Result]):
    """A kind of question about examples.

    Attributes:
        name: As a SignatureDef and an InferenceTask name it.
        noun: What errors call it.
        choose_outputs: Returns which outputs of a signature the question needs;
            refuses a signature that is of another kind.
        fill_result: Takes these outputs, how many examples there were, and the
            message to fill.
    """

    name: str
    noun: str
    choose_outputs: Callable[[Any], set[str]]
    fill_result: Callable[[Mapping[str, np.ndarray], int, Result], None]

    def check(self, signature: Any, options: CallOptions) -> set[str]:
        """Returns the outputs to fetch of a signature that fits."""
        if options.checks_method_names and signature.method_name != self.name:
            raise InvalidArgumentError(
                f"Expected {self.noun} signature method_name to be {self.name}. Was:"
                f" {signature.method_name}"
            )
        return self.choose_outputs(signature)

    def answer(
        self, runner: Runner, request: Any, options: CallOptions, response: Any
    ) -> None:
        """Fills all of the response but name and version of its model.

        Raises:
            ServingError: In TensorFlow Serving's words, or in those of the graph.
        """
        name = request.model_spec.signature_name or DEFAULT_SIGNATURE
        if name not in runner.signatures:
            raise InvalidArgumentError(f"No signature was found with the name: {name}")
        wanted = self.check(runner.signatures[name], options)
        examples = serialize_examples(request.input)
        outputs = run(runner, name, {INPUT: examples}, wanted, options)
        self.fill_result(outputs, len(examples), response.result)
        response.model_spec.signature_name = name


def serialize_examples(sent: Any) -> np.ndarray:
    """Returns the examples of an Input as strings, [examples].

    A context stands before each example: a parser of the whole merges the two.
    """
    examples = listed_examples(sent)
    if not examples:
        raise InvalidArgumentError("Input is empty.")
    # Of an Input without a context this is empty.
    context = sent.example_list_with_context.context.SerializeToString()
    array = np.empty(len(examples), object)
    for index, example in enumerate(examples):
        array[index] = context + example.SerializeToString()
    return array


def listed_examples(sent: Any) -> Sequence[Any]:
    """Returns the examples of an Input of either kind."""
    if sent.WhichOneof("kind") == "example_list_with_context":
        listed: Sequence[Any] = sent.example_list_with_context.examples
    else:
        listed = sent.example_list.examples
    return listed


def check_input_number(signature: Any) -> None:
    """Passes a signature with one input."""
    if len(signature.inputs) != 1:
        raise InvalidArgumentError("Expected one input Tensor.")


def check_input_name(signature: Any, noun: str) -> None:
    """Passes a signature whose input has the name that such signatures give it."""
    if INPUT not in signature.inputs:
        raise InvalidArgumentError(
            f"No {noun} inputs found in SignatureDef: {signature}"
        )


def shape_text(array: np.ndarray) -> str:
    """Returns an array's shape as errors write it, such as `[2,3]`."""
    return f"[{','.join(map(str, array.shape))}]"
