"""`examples/quickstart.ipynb`: kept without outputs, and executed on a real run."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from tests.planted_runs import planted, write_settings

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "examples" / "quickstart.ipynb"
HISTORY = {
    "epochs": [
        {"loss": 1.0, "eval_loss": 1.1, "eval_miou": 0.25},
        {"loss": 0.5, "eval_loss": 0.75, "eval_miou": 0.75},
    ],
    "best_epoch": 2,
    "best_eval_miou": 0.75,
}


def test_the_notebook_is_sound_and_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) >= 6
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}


def train_nothing(fn_args) -> None:
    """A `run_fn`: exports the model that finds light bodies, and says it learnt."""
    from tests.planted_models import finds_light_bodies

    finds_light_bodies(fn_args)
    Path(fn_args.model_run_dir, "history.json").write_text(json.dumps(HISTORY), "utf-8")


@pytest.fixture(scope="module")
def run_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run on drawn photos, with a planted model."""
    workspace = tmp_path_factory.mktemp("quickstart")
    # A server has nothing to do with it.
    settings = write_settings(workspace, {"run": {"until": "package"}})
    code, _ = planted(
        workspace,
        "tests.test_quickstart.train_nothing",
        ["run", f"--config={settings}"],
    )
    assert code == 0
    return workspace / "runs"


@pytest.fixture(scope="module")
def executed(run_root: Path) -> list[nbformat.NotebookNode]:
    """The code cells with their outputs, executed by a kernel of its own."""
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    default = 'ROOT = Path("carseg_runs/demo")'
    (setup,) = [cell for cell in notebook.cells if default in cell.source]
    setup.source = setup.source.replace(default, f"ROOT = Path({str(run_root)!r})")
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOK.parent)}},
    ).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def said(cells: list[nbformat.NotebookNode]) -> str:
    """All that was printed to stdout."""
    return "".join(
        output.text
        for cell in cells
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    )


def shown(cells: list[nbformat.NotebookNode], kind: str) -> list[str]:
    """All that was displayed as one kind of data."""
    return [
        output.data[kind]
        for cell in cells
        for output in cell.outputs
        if output.output_type == "display_data" and kind in output.data
    ]


@pytest.mark.e2e
def test_it_shows_stages_audit_and_the_numbers_of_the_report(executed) -> None:
    text = said(executed)

    assert re.search(r"^EvaluationReporter +DONE", text, re.MULTILINE)
    assert "data blessed" in text
    assert re.search(r"^train +42 +42$", text, re.MULTILINE)
    assert "model blessed" in text
    assert re.search(r"^miou +0\.779$", text, re.MULTILINE)
    assert "best epoch 2 of 2, eval mIoU 0.750" in text


@pytest.mark.e2e
def test_it_draws_the_curves_and_links_the_report(executed, run_root: Path) -> None:
    loss, miou, link = shown(executed, "text/html")

    assert loss.count("<polyline") == 2
    assert miou.count("<polyline") == 1
    (found,) = re.findall(r">(/[^<]+)</a>", link)
    assert Path(found).is_relative_to(run_root)
    assert Path(found).read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.e2e
def test_the_pictures_are_photo_truth_and_the_models_own_prediction(executed) -> None:
    pictures = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(data))), int)
        for data in shown(executed, "image/png")
    ]

    assert [picture.shape for picture in pictures] == [(32, 96, 3)] * 3
    for picture in pictures:
        photo, truth, prediction = np.split(picture, 3, axis=1)
        body = (truth == (200, 30, 30)).all(axis=-1)
        assert body.sum() > 100
        # The model finds the light bodies (red above 210) and no dark ones.
        is_light = photo[body][:, 0].mean() > 210
        tinted = (prediction != photo).any(axis=-1)
        assert tinted[body].mean() == float(is_light)
