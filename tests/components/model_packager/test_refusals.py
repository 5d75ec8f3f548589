from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import tensorflow as tf

from components.model_packager.refusals import refuse_operations, refuse_version
from components.model_packager.saved_model_file import placed_nodes, read_meta_graph


def refusals(folder: Path) -> list[str]:
    return refuse_operations(placed_nodes(read_meta_graph(str(folder))))


def save(folder: Path, function: Callable[[tf.Tensor], tf.Tensor]) -> Path:
    """Saves a model that hides the function inside a branch of its signature."""
    module = tf.Module()
    module.weight = tf.Variable(2.0)

    def serve(x: tf.Tensor) -> dict[str, tf.Tensor]:
        is_positive = tf.reduce_sum(x) > 0
        return {
            "y": module.weight * tf.cond(is_positive, lambda: function(x), lambda: x)
        }

    serve = tf.function(serve, [tf.TensorSpec([None], tf.float32)], autograph=False)
    tf.saved_model.save(module, str(folder), {"serving_default": serve})
    return folder


@pytest.mark.integration
def test_the_exported_model_has_nothing_to_refuse(saved_model: Path) -> None:
    assert refusals(saved_model) == []
    found = {
        (placed.node.op, placed.is_served)
        for placed in placed_nodes(read_meta_graph(str(saved_model)))
    }
    # The walk sees what would be refused if a signature reached it, and it reaches in.
    assert {("SaveV2", False), ("RestoreV2", False), ("DecodeJpeg", True)} <= found


def read_number(x: tf.Tensor) -> tf.Tensor:
    return x + tf.strings.to_number(tf.io.read_file("/etc/number"))


def write_file(x: tf.Tensor) -> tf.Tensor:
    with tf.control_dependencies([tf.io.write_file("/tmp/x", "x")]):
        return tf.identity(x)


def print_to_file(x: tf.Tensor) -> tf.Tensor:
    with tf.control_dependencies([tf.print("x", output_stream="file:///tmp/x")]):
        return tf.identity(x)


def read_dataset(x: tf.Tensor) -> tf.Tensor:
    lines = tf.data.TextLineDataset("/etc/hosts").batch(9)
    return x + tf.cast(tf.size(tf.data.Dataset.get_single_element(lines)), tf.float32)


def restore(x: tf.Tensor) -> tf.Tensor:
    return (
        x
        + tf.raw_ops.RestoreV2(
            prefix="/tmp/other",
            tensor_names=["a"],
            shape_and_slices=[""],
            dtypes=[tf.float32],
        )[0]
    )


FORBIDDEN = {
    "EagerPyFunc": (
        "runs Python",
        lambda x: tf.ensure_shape(
            tf.py_function(lambda y: y + 1, [x], x.dtype), [None]
        ),
    ),
    "PyFunc": (
        "runs Python",
        lambda x: tf.ensure_shape(
            tf.numpy_function(lambda y: y + 1, [x], x.dtype), [None]
        ),
    ),
    "ReadFile": ("reads files", read_number),
    "MatchingFiles": (
        "reads files",
        lambda x: x + tf.cast(tf.size(tf.io.matching_files("/etc/*")), tf.float32),
    ),
    "WriteFile": ("writes files", write_file),
    "PrintV2": ("writes files", print_to_file),
    "TextLineDataset": ("reads an input pipeline", read_dataset),
    "RestoreV2": ("reads or writes files while it answers", restore),
}


@pytest.mark.integration
@pytest.mark.parametrize("operation", FORBIDDEN)
def test_a_forbidden_operation_is_named_with_its_place(
    tmp_path: Path, operation: str
) -> None:
    what, function = FORBIDDEN[operation]
    found = refusals(save(tmp_path / "model", function))
    named = [text for text in found if f"operation {operation}, which {what}: " in text]
    assert named, found
    assert all(re.search(r"node '.+' of function '.+'; take", text) for text in named)


@pytest.mark.integration
def test_what_prints_to_the_log_passes(tmp_path: Path) -> None:
    def print_to_log(x: tf.Tensor) -> tf.Tensor:
        with tf.control_dependencies([tf.print("x")]):
            return tf.identity(x)

    assert refusals(save(tmp_path / "model", print_to_log)) == []


@pytest.mark.parametrize(
    ("made_with", "target"),
    [
        ("2.16.2", "2.16"),
        ("2.16.2", "2.16.1"),
        ("2.9.0", "2.16"),
        ("2.17.0-rc1", "2.17"),
    ],
)
def test_a_model_as_old_as_the_servers_passes(made_with: str, target: str) -> None:
    assert refuse_version(made_with, target) == []


@pytest.mark.parametrize(
    ("made_with", "target"),
    [("2.17.0", "2.16.3"), ("2.16.2", "2.9"), ("3.0.0", "2.16")],
)
def test_a_newer_model_is_refused(made_with: str, target: str) -> None:
    assert refuse_version(made_with, target) == [
        f"the model was made with TensorFlow {made_with}, newer than the servers'"
        f" {target} (package.target_version); train it with the older one, or update"
        " the servers first"
    ]


def test_a_model_of_unknown_age_is_refused() -> None:
    (reason,) = refuse_version("", "2.16")
    assert reason.startswith("the model must say which TensorFlow made it, it says ''")


@pytest.mark.parametrize("target", ["2", "latest", "2.x", ""])
def test_a_target_that_is_no_version_is_an_error(target: str) -> None:
    with pytest.raises(ValueError, match=r"must be written like 2\.16 or 2\.16\.1"):
        refuse_version("2.16.2", target)


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a model must be a SavedModel, .* not exist"):
        read_meta_graph(str(tmp_path))
