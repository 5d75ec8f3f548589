"""`carseg models list` says what there is, how large, and what can be set."""

from __future__ import annotations

import json

import pytest

from tfx_pipeline.cli.main import main
from tfx_pipeline.config.model import MODEL_NAMES, ModelConfig

# U-Net of base 16 with two classes: 3 x 3 convolutions without bias, each with a batch
# norm of four numbers per filter; 3 x 3 with bias before each resize; a 1 x 1 head.
WIDTHS = [16, 32, 64, 128, 256]


def unet_parameters() -> int:
    def block(inputs: int, width: int) -> int:
        return 9 * inputs * width + 9 * width * width + 2 * 4 * width

    down = sum(
        block(inputs, width)
        for inputs, width in zip([3, *WIDTHS[:-1]], WIDTHS, strict=True)
    )
    up = sum(
        (9 * 2 * width * width + width) + block(2 * width, width)
        for width in WIDTHS[:-1]
    )
    return down + up + (16 + 1) * 2


def test_every_model_is_told_with_its_size_and_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["models", "list", "--json"]) == 0

    summary = json.loads(capsys.readouterr().out)
    assert (summary["height_px"], summary["width_px"], summary["classes"]) == (
        *(256, 256),
        2,
    )
    models = {entry["name"]: entry for entry in summary["models"]}
    assert tuple(models) == MODEL_NAMES
    assert models["unet"]["parameters"] == unet_parameters()
    assert models["deeplab_v3_plus"]["options"] == {
        "normalisation": "minus_one_to_one",
        "batch_norm_momentum": 0.9,
        "backbone": ModelConfig().backbone,
        "decoder_width": 256,
    }


def test_the_table_is_the_same_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["model", "parameters", "what", "it", "is"]
    assert lines[1].split()[:2] == ["unet", str(unet_parameters())]
    assert lines[2].split()[0] == "deeplab_v3_plus"
    assert "parameters at 256 x 256 px with 2 classes and the options' defaults:" in (
        lines
    )
    assert any(line.startswith("  unet: normalisation=minus_one") for line in lines)
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("arguments", [["models"], ["models", "lst"]], ids=" ".join)
def test_models_without_an_action_is_wrong_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "ACTION" in capsys.readouterr().err
