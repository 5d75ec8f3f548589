from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tfx.components.util import model_utils
from tfx.types import channel_utils, standard_artifacts

from components.artifacts import ServingValidation
from components.serving_validator.component import ServingValidator
from components.serving_validator.executor import NOT_PACKAGED, Executor
from components.serving_validator.settings import ServingSettings

pytestmark = pytest.mark.integration

SETTINGS = ServingSettings(model_name="colours", latency_requests=8)


def make_node() -> ServingValidator:
    return ServingValidator(
        model=channel_utils.as_channel([standard_artifacts.Model()]),
        settings=SETTINGS,
        code_fingerprint="abc",
    )


def run(tmp_path: Path, packaged: Path, is_packaged: int) -> tuple[Any, Any, Any]:
    model = standard_artifacts.Model()
    model.uri = str(packaged)
    model.set_int_custom_property("packaged", is_packaged)
    outputs = {
        "blessing": standard_artifacts.InfraBlessing(),
        "validation": ServingValidation(),
    }
    for name, artifact in outputs.items():
        artifact.uri = str(tmp_path / name)
    Executor().Do(
        {"model": [model]},
        {name: [artifact] for name, artifact in outputs.items()},
        dict(make_node().exec_properties),
    )
    report = json.loads((tmp_path / "validation/validation.json").read_text("utf-8"))
    blessed = outputs["validation"].get_int_custom_property("blessed")
    assert report["blessed"] == bool(blessed)
    assert report["reasons"] == json.loads(
        outputs["validation"].get_string_custom_property("reasons")
    )
    return outputs["blessing"], report, (tmp_path / "validation/validation.txt")


def test_a_right_model_is_blessed_with_its_figures(
    tmp_path: Path, right_package: Path
) -> None:
    blessing, report, text = run(tmp_path, right_package.parent, 1)

    assert report["reasons"] == [] and report["server_log"] == []
    assert model_utils.is_infra_validated(blessing)
    assert [path.name for path in Path(blessing.uri).iterdir()] == ["INFRA_BLESSED"]
    names = [check["name"] for check in report["checks"]]
    photo_checks = ["masks", "batch", "bad_photo"]
    assert names == ["load", *["signatures"] * 2, "warm_up", *photo_checks * 2]
    assert report["checks"][3]["sentence"] == "10 warm-up requests are answered"
    said = [check["sentence"] for check in report["checks"] if check["name"] == "masks"]
    assert said == [
        f"{protocol}: 3 masks are the Keras model's, byte for byte"
        for protocol in ("gRPC", "REST")
    ]
    assert all(mask["has_same_bytes"] for mask in report["masks"])
    seen = [
        (mask["protocol"], mask["photo"], mask["pixels"], mask["differing"])
        for mask in report["masks"]
    ]
    sizes = {"image_0": 40 * 56, "image_1": 201 * 133, "image_2": 31 * 90}
    assert seen == [
        (protocol, photo, pixels, 0)
        for protocol in ("gRPC", "REST")
        for photo, pixels in sizes.items()
    ]
    figures = report["figures"]
    assert 0.5 < figures["load_s"] < SETTINGS.load_timeout_s
    for protocol in ("grpc", "rest"):
        p50, p95 = figures[f"{protocol}_p50_ms"], figures[f"{protocol}_p95_ms"]
        assert 0.1 < p50 <= p95 < 60_000
    assert 200 < figures["peak_memory_mb"] < 4000
    assert text.read_text("utf-8").startswith(
        "BLESSED: colours on a server (10 passed, 0 REFUSED)\n"
    )
    assert str(tmp_path.parent) not in json.dumps(report)


def test_a_model_that_was_not_packaged_is_not_served(tmp_path: Path) -> None:
    blessing, report, _ = run(tmp_path, tmp_path / "nothing", 0)

    assert report["reasons"] == [NOT_PACKAGED]
    assert not model_utils.is_infra_validated(blessing)
    assert [path.name for path in Path(blessing.uri).iterdir()] == ["INFRA_NOT_BLESSED"]


def test_the_node_carries_what_can_change_its_output() -> None:
    properties = make_node().exec_properties
    assert properties["code_fingerprint"] == "abc"
    assert ServingSettings.from_dict(json.loads(properties["settings"])) == SETTINGS
