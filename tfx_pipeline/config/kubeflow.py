"""How nodes are run by Kubeflow Pipelines; nothing else reads this stage."""

from __future__ import annotations

import types
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tfx_pipeline.config.kubeflow_node import NodeOptions
from tfx_pipeline.config.stage_fields import filled
from tfx_pipeline.config.stages import require
from tfx_pipeline.config.unknown_name import unknown_name

ALL_NODES = "*"
# A test holds these to the nodes of the pipeline.
SHARED_NODES = (
    "SourceFingerprint",
    "TfdsExampleGen",
    "RecordSchema",
    "StatisticsGen",
    "ExampleValidator",
    "DatasetAuditor",
    "Transform",
)
CANDIDATE_NODES = (
    "BaseModel",
    "Trainer",
    "LiveModel",
    "Evaluator",
    "ModelGate",
    "ModelPackager",
    "ServingValidator",
    "ModelApproval",
    "ModelPusher",
    "EvaluationReporter",
)
_NONE: Mapping[str, Any] = types.MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class KubeflowConfig:
    """What the containers get, and where what outlives them lies.

    Attributes:
        nodes: Name of a node to fields of `NodeOptions`. `*` is for all nodes,
            `Trainer` for the Trainers of all candidates, `Trainer_deeplab` for one;
            the narrower name wins field by field, mappings are merged.
        resume_directory: Folder on a mounted volume for the backups of a training that
            has not ended; None loses them with the container.
    """

    nodes: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    resume_directory: str | None = None

    def __post_init__(self) -> None:
        for name, values in self.nodes.items():
            where = f"kubeflow.nodes.{name}"
            require(isinstance(values, Mapping), where, "a mapping", repr(values))
            _options(where, values)
        holds = self.resume_directory is None or self.resume_directory.startswith("/")
        where, rule = "kubeflow.resume_directory", "an absolute path"
        require(holds, where, rule, repr(self.resume_directory))

    def check_nodes(self, candidates: Collection[str]) -> None:
        """Refuses what fits no node of a pipeline with such further candidates."""
        if not self.nodes:
            return
        known = [*SHARED_NODES, *CANDIDATE_NODES]
        known += [f"{node}_{name}" for node in CANDIDATE_NODES for name in candidates]
        for name in self.nodes:
            if name not in (ALL_NODES, *known):
                what = unknown_name("node", name, [ALL_NODES, *known])
                raise ValueError(f"kubeflow.nodes: {what}")
        # What each gets together must be possible, too.
        self._check_counts({node: self.options(node) for node in known})

    def _check_counts(self, options: Mapping[str, NodeOptions]) -> None:
        """Refuses a number of accelerators where no node of that name has one."""
        for name, values in self.nodes.items():
            count = values.get("accelerator_count", 1)
            nodes = [node for node in options if name in _names_of(node)]
            if count != 1 and not any(options[node].accelerator for node in nodes):
                raise ValueError(
                    f"kubeflow.nodes.{name}.accelerator_count must be for a node with"
                    f" an accelerator, got {count}; add accelerator: nvidia.com/gpu"
                )

    def options(self, node: str) -> NodeOptions:
        """Returns what a node gets.

        Args:
            node: Its id, such as `Trainer` or `Trainer_deeplab`.
        """
        values: dict[str, Any] = {}
        for name in _names_of(node):
            for key, value in self.nodes.get(name, {}).items():
                before = values.get(key)
                if isinstance(before, Mapping) and isinstance(value, Mapping):
                    values[key] = {**before, **value}
                else:
                    values[key] = value
        return _options(f"kubeflow.nodes.{node}", values)


def _names_of(node: str) -> list[str]:
    """Returns the names under which a node gets something, the wider first."""
    return list(dict.fromkeys((ALL_NODES, node.partition("_")[0], node)))


def _options(where: str, values: Mapping[str, Any]) -> NodeOptions:
    try:
        return filled(where, NodeOptions(), values)
    except ValueError as err:
        text = str(err)
        raise ValueError(text if where in text else f"{where}: {text}") from err
