"""The TensorFlow step, with interpreters that fail in every way."""

import json

import pytest

from tfx_pipeline.cli.doctor_tensorflow import check_step, check_tensorflow

RESULT = {
    "tensorflow": "2.16.2",
    "keras": "3.12.4",
    "devices": ["CPU:0", "GPU:0"],
    "loss": 1.09861,
    "import_s": 9.5,
    "step_s": 0.6,
}


def shell(script):
    return ("/bin/sh", "-c", script)


def test_a_good_step_gives_devices_and_loss():
    devices, step = check_tensorflow(shell(f"echo noise; echo '{json.dumps(RESULT)}'"))
    assert (devices.status, devices.found) == ("ok", "CPU:0, GPU:0")
    assert (step.status, step.found) == (
        "ok",
        "TensorFlow 2.16.2, Keras 3.12.4: loss 1.099, import 9.5 s, step 0.6 s",
    )


@pytest.mark.parametrize(
    ("script", "found", "remedy"),
    [
        ("kill -ILL $$", "the process was ended by SIGILL", "AVX"),
        ("kill -SEGV $$", "the process was ended by SIGSEGV", "make setup"),
        (
            "echo trace >&2; echo 'ImportError: no libcudart' >&2; exit 1",
            "the process failed: ImportError: no libcudart",
            "make setup",
        ),
        ("exit 3", "the process failed: nothing was printed", "make setup"),
        ("echo hello", "no result in its output 'hello\\n'", "make setup"),
        ("true", "no result in its output ''", "make setup"),
    ],
)
def test_a_failing_interpreter_is_reported_and_survived(script, found, remedy):
    (check,) = check_tensorflow(shell(script))
    assert (check.name, check.status, check.found) == ("training step", "fail", found)
    assert remedy in check.remedy


def test_a_step_that_hangs_is_ended():
    (check,) = check_tensorflow(("sleep", "60"), timeout_s=0.2)
    assert (check.status, check.found) == ("fail", "one step was not done after 0.2 s")


def test_an_interpreter_that_does_not_exist_is_reported():
    (check,) = check_tensorflow(("/absent/python",))
    assert check.found == "/absent/python does not start: No such file or directory"


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_is_a_fault(loss):
    check = check_step(RESULT | {"loss": loss})
    assert check.status == "fail"
    assert f"loss {loss}" in check.found
