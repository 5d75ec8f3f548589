"""The nodes that prove a packaged model on a server and hand it to servers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.model_pusher.component import ModelPusher
from components.serving_validator.component import ServingValidator
from tfx_pipeline.pipeline.gate_nodes import GateNodes
from tfx_pipeline.pipeline.node_ids import model_name, node_id
from tfx_pipeline.pipeline.plan import Plan


@dataclass(frozen=True, kw_only=True)
class ServingNodes:
    """Server check and pusher of one candidate."""

    validator: Any
    pusher: Any

    def all(self) -> list[Any]:
        """Returns the nodes in an order that they may run in."""
        return [self.validator, self.pusher]


def serving_nodes(plan: Plan, gate: GateNodes, candidate: str) -> ServingNodes:
    """Returns them; a model that was refused before starts no server."""
    validator = _validator(plan, gate, candidate)
    return ServingNodes(
        validator=validator, pusher=_pusher(plan, gate, validator, candidate)
    )


def _validator(plan: Plan, gate: GateNodes, candidate: str) -> Any:
    name = model_name(plan.config.package.model_name, candidate)
    return ServingValidator(
        model=gate.packager.outputs["packaged_model"],
        settings=plan.config.serve.settings(name),
        code_fingerprint=plan.code_fingerprints["ServingValidator"],
    ).with_id(node_id("ServingValidator", candidate))


def _pusher(plan: Plan, gate: GateNodes, validator: Any, candidate: str) -> Any:
    return ModelPusher(
        model=gate.packager.outputs["packaged_model"],
        model_blessing=gate.gate.outputs["blessing"],
        infra_blessing=validator.outputs["blessing"],
        verdict=gate.gate.outputs["verdict"],
        validation=validator.outputs["validation"],
        directory=plan.push_directory,
        model_name=model_name(plan.config.package.model_name, candidate),
        keep_versions=plan.config.push.keep_versions,
        destination_fingerprint=plan.destination_fingerprints[candidate],
        code_fingerprint=plan.code_fingerprints["ModelPusher"],
    ).with_id(node_id("ModelPusher", candidate))
