from __future__ import annotations

import os
from pathlib import Path

import pytest

from serving.server.errors import ServingError
from serving.server.settings.batching_config import parse_batching, read_batching
from serving.server.settings.batching_settings import BatchingSettings


def parsed(text: str) -> BatchingSettings:
    return parse_batching(text.encode(), path="/m/1/batching_params.pbtxt")


def test_every_field_of_the_real_message_is_read(tmp_path: Path) -> None:
    file = tmp_path / "batching.config"
    file.write_text(
        "max_batch_size { value: 16 } batch_timeout_micros { value: 2000 }\n"
        "max_enqueued_batches { value: 100 } num_batch_threads { value: 3 }\n"
        'thread_pool_name { value: "gpu" } allowed_batch_sizes: [4, 8]\n'
        "allowed_batch_sizes: 16  # and a comment\n"
        "pad_variable_length_inputs: true\n"
        "enable_large_batch_splitting { value: true }\n"
        "max_execution_batch_size { value: 8 }\n"
    )

    assert read_batching(enabled=True, path=str(file)) == BatchingSettings(
        max_batch_size=16,
        batch_timeout_micros=2000,
        max_enqueued_batches=100,
        num_batch_threads=3,
        thread_pool_name="gpu",
        allowed_batch_sizes=(4, 8, 16),
        pad_variable_length_inputs=True,
        enable_large_batch_splitting=True,
        max_execution_batch_size=8,
    )


def test_defaults_are_those_of_tensorflow_serving(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    without, empty = (
        read_batching(enabled=True, path=path) for path in ("", str(tmp_path / "empty"))
    )

    assert without is not None and empty is not None
    assert without.thread_pool_name == "model_server_batch_threads"
    assert empty.thread_pool_name == "batch_threads"
    for settings in (without, empty):
        assert settings.max_batch_size == 1000
        assert settings.batch_timeout_micros == 0
        assert settings.max_enqueued_batches == 10
        assert settings.num_batch_threads == len(os.sched_getaffinity(0))
        assert settings.allowed_batch_sizes == ()
        assert not settings.pad_variable_length_inputs
        assert not settings.enable_large_batch_splitting


def test_without_batching_there_is_nothing_to_read() -> None:
    assert read_batching(enabled=False, path="") is None
    with pytest.raises(ServingError) as raised:
        read_batching(enabled=False, path="/any")
    assert str(raised.value) == (
        "INVALID_ARGUMENT: server_options.batching_parameters_file is set without"
        " setting server_options.enable_batching to true."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max_batch_sise { value: 1 }", '"max_batch_sise"'),
        ("max_batch_size: 1", 'Expected "{"'),
        ("enable_large_batch_splitting: true", 'Expected "{"'),
        ('batch_timeout_micros { value: "x" }', "1:31"),
    ],
    ids=["unknown", "bare_number", "bare_bool", "type"],
)
def test_a_file_that_is_no_such_message_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "batching.config"
    file.write_text(text)
    errors = []
    for read in (
        lambda: read_batching(enabled=True, path=str(file)),
        lambda: parsed(text),
    ):
        with pytest.raises(ServingError) as raised:
            read()
        errors.append(str(raised.value))

    start = "INVALID_ARGUMENT: "
    kind = "Error parsing text-format tensorflow.serving.BatchingParameters: "
    assert errors[0].startswith(f"{start}{kind}{file}:1:")
    assert errors[1].startswith(
        f"{start}Invalid protobuf file: '/m/1/batching_params.pbtxt'; {kind}1:"
    )
    assert all(words in error for error in errors)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ServingError, match="Invalid protobuf file: '/m'"):
        parse_batching(b"\xff\xfe", path="/m")


def test_no_threads_are_refused_before_any_model(tmp_path: Path) -> None:
    file = tmp_path / "batching.config"
    file.write_text("num_batch_threads { value: 0 }")

    with pytest.raises(ServingError) as raised:
        read_batching(enabled=True, path=str(file))

    assert str(raised.value) == (
        "INVALID_ARGUMENT: num_batch_threads must be positive; was 0"
    )


def test_a_batch_is_as_large_as_a_request_unless_told_otherwise() -> None:
    split = "enable_large_batch_splitting { value: true } max_batch_size { value: 12 }"

    assert parsed("max_batch_size { value: 12 }").batch_limit == 12
    assert parsed(split).batch_limit == 12
    assert parsed(f"{split} max_execution_batch_size {{ value: 5 }}").batch_limit == 5
    assert parsed("max_execution_batch_size { value: 5 }").batch_limit == 1000


def test_minus_one_is_as_much_as_there_may_be() -> None:
    settings = parsed("max_enqueued_batches { value: -1 }")

    assert settings.max_enqueued_batches == 2**64 - 1
    settings.check_queue()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "max_batch_size { value: 4 } allowed_batch_sizes: 2",
            "Last entry in allowed_batch_sizes must match max_batch_size; last entry"
            " was 2; expected 4",
        ),
        (
            "allowed_batch_sizes: [1, 64]",
            "Last entry in allowed_batch_sizes must match max_batch_size; last entry"
            " was 64; expected 1000",
        ),
        (
            "max_batch_size { value: 0 }",
            "input_batch_size_limit must be positive; was 0",
        ),
        (
            "batch_timeout_micros { value: -3 }",
            "batch_timeout_micros must be non-negative; was -3",
        ),
        (
            "enable_large_batch_splitting { value: true } max_batch_size { value: 4 }"
            " max_execution_batch_size { value: 8 }",
            "When enable_large_batch_splitting is true, input_batch_size_limit must be"
            " greater than or equal to max_execution_batch_size.",
        ),
        (
            "enable_large_batch_splitting { value: true }"
            " max_enqueued_batches { value: 0 }",
            "max_enqueued_batches must be positive; was 0",
        ),
    ],
    ids=["last", "default", "zero", "timeout", "execution", "enqueued"],
)
def test_settings_that_no_model_can_be_served_with(text: str, message: str) -> None:
    with pytest.raises(ServingError) as raised:
        parsed(text).check_queue()

    assert str(raised.value) == f"INVALID_ARGUMENT: {message}"
