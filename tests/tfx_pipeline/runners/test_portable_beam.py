"""All Beam work of the pipeline in two external workers gives what one process gives.

The job service and the workers are processes of their own and talk by Beam's job and
Fn APIs, which Flink, Spark and Dataflow speak too. With CARSEG_FLINK_JOB_SERVER_JAR the
same is done by a Flink that the job server of this jar starts.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.planted_runs import planted
from tests.tfx_pipeline.runners import run_outputs as outputs
from tests.tfx_pipeline.runners.beam_processes import BeamProcesses, beam_processes
from tfx_pipeline.config.beam import BeamConfig

pytestmark = pytest.mark.e2e

JAR = "CARSEG_FLINK_JOB_SERVER_JAR"
RUN_FN = "tests.tfx_pipeline.runners.colour_model.run_fn"
SETTINGS: dict[str, Any] = {
    "data": {
        "builder": "synthetic_cars",
        "task": "parts",
        "options": {"examples": 20, "height_px": 64, "width_px": 80, "seed": 7},
        "examples_per_shard": 2,
    },
    "prepare": {"height_px": 32, "width_px": 32, "augment": {"copies": 1}},
    "evaluate": {"bootstrap_replicates": 100},
    "run": {"until": "package"},
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Leg:
    """One run of the pipeline, and one prediction of a folder of photos."""

    root: Path
    model: dict[str, Any]

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def masks(self) -> Path:
        return self.root / "masks"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos for `predict-all`."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(5)
    for index in range(6):
        pixels = random.integers(0, 256, (20 + index, 30, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.png")
    return folder


@pytest.fixture(scope="module")
def in_memory(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Leg:
    """What every other engine has to give."""
    return run_leg(tmp_path_factory.mktemp("in_memory"), photos, BeamConfig())


@pytest.fixture(scope="module")
def processes() -> Iterator[BeamProcesses]:
    with beam_processes(workers=2) as started:
        yield started


def portable(processes: BeamProcesses) -> BeamConfig:
    return BeamConfig(
        engine="portable",
        workers=2,
        job_endpoint=processes.job_endpoint,
        worker_pool=processes.worker_pool,
    )


def run_leg(root: Path, photos: Path, engine: BeamConfig) -> Leg:
    """Runs the pipeline up to the package, then predicts the photos by its model."""
    from tfx_pipeline.cli.main import main

    beam = {
        field.name: value
        for field in dataclasses.fields(engine)
        if (value := getattr(engine, field.name)) != field.default
    }
    settings = root / "settings.json"
    settings.write_text(json.dumps(SETTINGS | {"beam": beam}), "utf-8")
    _, summary = planted(root, RUN_FN, ["run", f"--config={settings}"])
    assert {stage["state"] for stage in summary["stages"]} == {"DONE"}
    leg = Leg(root=root, model=summary["models"][0])
    model = outputs.output(leg.runs, "Trainer", "model") / "Format-Serving"
    flags = [f"--beam={name}={value}" for name, value in beam.items()]
    predict = ["predict-all", f"--model={model}", f"--images={photos}"]
    assert main([*predict, f"--out={leg.masks}", "--chunk=2", *flags]) == 0
    return leg


def test_one_job_is_done_by_both_workers(processes: BeamProcesses) -> None:
    import apache_beam as beam
    from apache_beam.options.pipeline_options import PipelineOptions

    found = processes.pools[0], processes.pools[1]
    with beam.Pipeline(
        options=PipelineOptions(portable(processes).pipeline_args())
    ) as pipeline:
        pids = pipeline | beam.Create(range(16)) | beam.Map(pid_of_worker)
        _ = pids | beam.combiners.ToSet() | beam.Map(must_be, wanted=set(found))


def pid_of_worker(_: int) -> int:
    return os.getpid()


def must_be(pids: set[int], wanted: set[int]) -> None:
    assert pids == wanted, (pids, wanted)


def test_two_external_workers_give_what_one_process_gives(
    in_memory: Leg,
    processes: BeamProcesses,
    photos: Path,
    tmp_path: Path,
) -> None:
    before = processes.cpu_s()
    leg = run_leg(tmp_path, photos, portable(processes))
    used = np.subtract(processes.cpu_s(), before)

    assert_same(in_memory, leg)
    # Imports of TensorFlow are part of it: both loaded it, both did more than that.
    assert used.min() > 0.5 * used.max() > 2, used


@pytest.mark.skipif(
    not os.environ.get(JAR),
    reason=f"NOT RUN ON FLINK: {JAR} must name Beam's job server for Flink (a jar of"
    " the installed Beam's version); docs/beam.md says which",
)
def test_flink_gives_what_one_process_gives(
    in_memory: Leg, processes: BeamProcesses, photos: Path, tmp_path: Path
) -> None:
    engine = BeamConfig(
        engine="flink",
        workers=2,
        parallelism=2,
        flink_master="[local]",
        job_server_jar=os.environ[JAR],
        worker_pool=processes.worker_pool,
    )
    assert_same(in_memory, run_leg(tmp_path, photos, engine))


def assert_same(one: Leg, two: Leg) -> None:
    """Compares all that Beam made, in the order in which nodes make it."""
    first, second = one.runs, two.runs
    for node, channel in (
        ("TfdsExampleGen", "examples"),  # every record, in its file and its place
        ("TfdsExampleGen", "skipped"),
        ("ExampleValidator", "anomalies"),
        ("DatasetAuditor", "audit"),
    ):
        written, again = (
            outputs.files(outputs.output(runs, node, channel))
            for runs in (first, second)
        )
        assert written, node
        assert written == again, node
    transformed = [
        outputs.rows(outputs.output(runs, "Transform", "transformed_examples"))
        for runs in (first, second)
    ]
    assert transformed[0] == transformed[1]
    assert sum(transformed[0]["Split-train"].values()) > len(transformed[0])
    assert list(outputs.differences(_numbers(one), _numbers(two))) == []
    written, again = (
        outputs.files(leg.masks, "[!.]*") | outputs.files(leg.masks, "[!.]*/**/*")
        for leg in (one, two)
    )
    assert len(written) > 6
    assert written == again


def _numbers(leg: Leg) -> dict[str, Any]:
    from components.model_gate.evaluation_reader import read_measured

    measured = read_measured(str(outputs.output(leg.runs, "Evaluator", "evaluation")))[
        "candidate"
    ]
    return {
        "statistics": outputs.statistics(
            outputs.output(leg.runs, "StatisticsGen", "statistics")
        ),
        "numbers": measured.numbers,
        "replicates": measured.replicates,
        "sums": measured.sums,
        "matrix": measured.matrix,
        "verdict": outputs.document(
            outputs.output(leg.runs, "ModelGate", "verdict") / "verdict.json", leg.root
        ),
        "report": outputs.document(
            Path(leg.model["report"]).with_name("metrics.json"), leg.root
        ),
    }
