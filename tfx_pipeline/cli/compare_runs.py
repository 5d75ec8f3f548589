"""Finds the models that `carseg compare` was given, by run or by candidate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.run_lookup import executions_of, newest_first, open_run
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.node_ids import node_id

if TYPE_CHECKING:  # its module takes seconds to load
    from ml_metadata.metadata_store import MetadataStore

_EVALUATOR = "Evaluator"
_TRAINER = "Trainer"


@dataclass(frozen=True, kw_only=True)
class FoundModel:
    """One model of a run, as ML Metadata knows it.

    Attributes:
        root: Root folder of the run.
        run_id: Name of the run in ML Metadata.
        made: When the run began.
        candidate: Its name; '' is the first.
        network: Architecture; '' where it is not known.
        outputs: Node to its output artifacts by name, of the whole run.
    """

    root: Path
    run_id: str
    made: str
    candidate: str
    network: str
    outputs: Mapping[str, Mapping[str, Any]]

    def folder(self, node: str, name: str) -> Path | None:
        """Returns the folder of an output of the model's node; None without one."""
        artifact = self.outputs.get(node_id(node, self.candidate), {}).get(name)
        return None if artifact is None else Path(artifact.uri)

    @property
    def evaluation(self) -> Path:
        """Folder of the Evaluator's numbers."""
        found = self.folder(_EVALUATOR, "evaluation")
        assert found is not None, "a model is found by its evaluation"
        return found

    @property
    def examples(self) -> Path | None:
        """Folder of the records, of all splits."""
        artifact = self.outputs.get("TfdsExampleGen", {}).get("examples")
        return None if artifact is None else Path(artifact.uri)


def find_models(runs: Sequence[str], last: int | None = None) -> list[FoundModel]:
    """Returns the models in the order in which they were named.

    Args:
        runs: `RUN` or `RUN:CANDIDATE` each; of several, RUN is its first candidate, and
            one alone all of its candidates.
        last: So many runs below the one RUN, the oldest first; None takes the newest.

    Raises:
        UsageError: A folder is no run, or has no such candidate.
        ValueError: No model was measured in it.
    """
    if last is not None:
        if len(runs) != 1:
            raise UsageError(
                f"--last compares runs of one RUN, got {len(runs)}; name one of them"
            )
        return _last_runs(runs[0], last)
    if len(runs) == 1 and _split(runs[0])[1] is None:
        return _newest(Path(runs[0]).expanduser())
    found = [_find_one(name) for name in runs]
    evaluations = [model.evaluation for model in found]
    for name, evaluation in zip(runs, evaluations, strict=True):
        if evaluations.count(evaluation) > 1:
            raise UsageError(
                f"each RUN must be another model, got {name} more than once; name every"
                " model once"
            )
    return found


def model_names(models: Sequence[FoundModel], last: int | None = None) -> list[str]:
    """Returns a name for each: the run's when one root has several, else the root's.

    As much of the root's path as tells it from the others, then the candidate.
    """
    if last is not None:
        return [model.run_id for model in models]
    roots = _short_names({model.root for model in models})
    return [
        f"{roots[model.root]}:{model.candidate}"
        if model.candidate
        else roots[model.root]
        for model in models
    ]


def _short_names(roots: set[Path]) -> dict[Path, str]:
    depth = 1
    while True:
        names = {root: "/".join(root.parts[-depth:]) for root in roots}
        if len(set(names.values())) == len(roots):
            return names
        depth += 1


def _split(name: str) -> tuple[Path, str | None]:
    """Returns folder and candidate; None where the name has none."""
    folder, colon, candidate = name.rpartition(":")
    if not colon or not folder or Path(name).expanduser().is_dir():
        return Path(name).expanduser(), None
    return Path(folder).expanduser(), candidate


def _find_one(name: str) -> FoundModel:
    root, candidate = _split(name)
    models = _newest(root)
    found = [model for model in models if model.candidate == (candidate or "")]
    if not found:
        asked = f"candidate named {candidate!r}" if candidate else "first candidate"
        known = " or ".join(_as_given(root, model.candidate) for model in models)
        raise UsageError(
            f"no {asked} was measured in the newest run of {root}; name {known}"
        )
    return found[0]


def _as_given(root: Path, candidate: str) -> str:
    return f"{root}:{candidate}" if candidate else f"{root}"


def _newest(root: Path) -> list[FoundModel]:
    """Returns all models of the newest run that measured one."""
    return next(_measured_runs(root))


def _last_runs(name: str, last: int) -> list[FoundModel]:
    root, candidate = _split(name)
    found: dict[Path, FoundModel] = {}
    for models in _measured_runs(root):
        for model in models:
            if model.candidate == (candidate or ""):
                # A run that took all from the cache measured nothing of its own.
                found.setdefault(model.evaluation, model)
        if len(found) == last:
            break
    return list(reversed(found.values()))


def _measured_runs(root: Path) -> Iterator[list[FoundModel]]:
    """Yields the models of each run that measured any, the newest first."""
    store = open_run(root)
    count = 0
    for run in newest_first(store):
        models = list(_models_of(store, run, root.resolve()))
        if models:
            count += 1
            yield models
    if not count:
        raise ValueError(
            f"no run in {root} measured a model: its data was refused, or it stopped"
            " before; look at its audit, or run it again without run.until"
        )


def _models_of(store: MetadataStore, run: Any, root: Path) -> Iterator[FoundModel]:
    # Imported here: it takes a second, and wrong usage answers before it.
    from tfx_pipeline.runners.run_history import node_of, outputs_of

    executions = {
        node_of(store, execution): execution for execution in executions_of(store, run)
    }
    outputs = {
        node: outputs_of(store, execution) for node, execution in executions.items()
    }
    for node, artifacts in outputs.items():
        kind, _, candidate = node.partition("_")
        if kind == _EVALUATOR and "evaluation" in artifacts:
            yield FoundModel(
                root=root,
                run_id=run.name,
                made=_moment(run.create_time_since_epoch),
                candidate=candidate,
                network=_network(executions.get(node_id(_TRAINER, candidate))),
                outputs=outputs,
            )


def _network(trainer: Any | None) -> str:
    """Returns what the Trainer was told to build."""
    settings = trainer and trainer.custom_properties["custom_config"].string_value
    model = json.loads(settings).get("model", {}) if settings else {}
    return str(model.get("name", ""))


def _moment(epoch_ms: int) -> str:
    moment = datetime.fromtimestamp(epoch_ms / 1000, tz=timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M}"
