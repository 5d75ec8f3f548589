"""What a server refuses is refused before the push, with the reason."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from components.model_packager.warmup import WARMUP_FILE
from components.serving_validator.keras_answers import (
    KERAS_ANSWERS_FILE,
    read_keras_answers,
)
from components.serving_validator.mask_difference import compare_masks
from components.serving_validator.settings import ServingSettings
from components.serving_validator.validate import validate_model
from components.serving_validator.validation import Validation
from tests.components.serving_validator.packaged import (
    alter,
    package,
    photos,
    save_for_eager_only,
)
from tests.serving.drawn_model import build_colour_model
from tests.serving.exported import export_drawn_model

pytestmark = pytest.mark.integration

DYING = ("{python}", "-m", "tests.components.serving_validator.dying_server")
PORTS = ("{port}", "{rest_port}")


def validate(folder: Path, *command: str, **options: Any) -> Validation:
    if command:
        options["command"] = command
    settings = ServingSettings(model_name="colours", latency_requests=2, **options)
    validation = validate_model(folder, settings)
    told = json.dumps(validation.to_dict()) + validation.to_text()
    assert str(folder.parents[1]) not in told and "/carseg-serving-" not in told
    assert validation.blessed is False
    return validation


def test_other_weights_are_found_photo_by_photo(
    right_package: Path, tmp_path: Path
) -> None:
    # Less sure of the same classes: between two of them the border moves a little.
    model = build_colour_model(gain=0.5)
    export_drawn_model(tmp_path / "trained", model=model, photos=photos())
    other = package(tmp_path / "trained", tmp_path / "other")
    altered = alter(
        other,
        tmp_path / "altered/model",
        **{KERAS_ANSWERS_FILE: (right_package / KERAS_ANSWERS_FILE).read_bytes()},
    )
    expected = [
        (answer.name, compare_masks(answer.mask_png_bytes, instead.mask_png_bytes))
        for answer, instead in zip(
            read_keras_answers(right_package), read_keras_answers(other), strict=True
        )
    ]
    wrong = [item for item in expected if item[1].differing]
    assert wrong and all(item.differing < item.pixels / 2 for _, item in wrong)

    validation = validate(altered)

    named = "; ".join(
        f"{name} differs in {difference.differing} of {difference.pixels} pixels"
        for name, difference in wrong
    )
    assert validation.reasons == [
        f"{protocol}: masks must be those that the Keras model gave at export, {named};"
        " export the model again"
        for protocol in ("gRPC", "REST")
    ]
    assert validation.server_log


def test_a_model_that_only_eager_tensorflow_loads_is_refused(
    right_package: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "packages/eager"
    folder.parent.mkdir()
    validation = validate(
        save_for_eager_only(folder, right_package / KERAS_ANSWERS_FILE)
    )

    (reason,) = validation.reasons
    assert reason.startswith("the server must load the model, it ended with exit code")
    assert any("Could not find variable" in line for line in validation.server_log)


def test_a_command_that_dies_is_quoted(right_package: Path) -> None:
    dies = "import sys; sys.exit('no room in /var/lib/models')"
    validation = validate(right_package, "{python}", "-c", dies)

    assert validation.reasons == [
        "the server must load the model, it ended with exit code 1 before the model was"
        " available; its log ends: no room in models"
    ]
    assert validation.server_log == ["no room in models"]
    assert validation.to_text().startswith(
        "NOT BLESSED: colours on a server (0 passed, 1 REFUSED)\n\n   REFUSED  load: "
    )


def test_a_command_that_never_listens_is_given_up(right_package: Path) -> None:
    start = time.monotonic()
    sleeps = "import time; time.sleep(600)"
    validation = validate(right_package, "{python}", "-c", sleeps, load_timeout_s=1.0)

    assert time.monotonic() - start < 15
    assert validation.reasons == [
        "the model must be available within 1 s (serve.load_timeout_s), it was not; its"
        " log is empty"
    ]
    assert 1 <= validation.figures["load_s"] < 5


def test_a_server_that_dies_while_it_is_asked_is_a_finding(right_package: Path) -> None:
    validation = validate(right_package, *DYING, *PORTS, max_load_s=1e-3)

    assert validation.checks[0].passed  # it said that it had the model
    said = dict.fromkeys(check.name for check in validation.checks if not check.passed)
    assert list(said) == ["signatures", "alive", "max_load_s"]
    assert validation.reasons[2] == (
        "the server must live through all requests, it ended with exit code 3; its log"
        " ends: out of memory in kernel.cc"
    )
    assert "peak_memory_mb" not in validation.figures


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (KERAS_ANSWERS_FILE, None, "keras_answers.npz is missing; export the model"),
        (
            WARMUP_FILE,
            None,
            "warm-up requests, assets.extra/tf_serving_warmup_requests",
        ),
        (
            WARMUP_FILE,
            b"\5" * 64,
            "must hold PredictionLogs, it cannot be read (DataLoss",
        ),
        (WARMUP_FILE, b"", "must hold requests for Predict, it holds none"),
        ("saved_model.pb", None, "a model must be a SavedModel"),
    ],
)
def test_a_package_that_lacks_something_is_refused_without_a_server(
    right_package: Path,
    tmp_path: Path,
    file: str,
    content: bytes | None,
    sentence: str,
) -> None:
    folder = alter(right_package, tmp_path / "altered/model", **{file: content})
    (reason,) = validate(folder, "/no/server").reasons
    assert sentence in reason


def test_a_package_that_is_not_as_its_manifest_says_is_refused(
    right_package: Path, tmp_path: Path
) -> None:
    folder = alter(right_package, tmp_path / "altered/model")
    (folder / "assets/taxonomy.json").write_text("{}")
    (reason,) = validate(folder, "/no/server").reasons
    assert reason.startswith(
        "the package must be as its manifest says: assets/taxonomy.json was altered: 2"
    )
