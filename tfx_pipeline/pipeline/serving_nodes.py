"""The nodes between a packaged model and the servers that take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.model_approval.component import ModelApproval
from components.model_pusher.component import ModelPusher
from components.model_pusher.destination_fingerprint import INTACT
from components.serving_validator.component import ServingValidator
from tfx_pipeline.pipeline.gate_nodes import GateNodes
from tfx_pipeline.pipeline.node_ids import model_name, node_id
from tfx_pipeline.pipeline.plan import Plan


@dataclass(frozen=True, kw_only=True)
class ServingNodes:
    """Server check, approval and pusher of one candidate; nobody may be asked."""

    validator: Any
    approval: Any | None
    pusher: Any

    def all(self) -> list[Any]:
        """Returns the nodes in an order that they may run in."""
        asked = [] if self.approval is None else [self.approval]
        return [self.validator, *asked, self.pusher]


def serving_nodes(plan: Plan, gate: GateNodes, candidate: str) -> ServingNodes:
    """Returns them; a model that was refused before starts no server."""
    validator = _validator(plan, gate, candidate)
    approval = _approval(plan, gate, validator, candidate)
    return ServingNodes(
        validator=validator,
        approval=approval,
        pusher=_pusher(plan, gate, validator, approval, candidate),
    )


def _validator(plan: Plan, gate: GateNodes, candidate: str) -> Any:
    name = model_name(plan.config.package.model_name, candidate)
    return ServingValidator(
        model=gate.packager.outputs["packaged_model"],
        settings=plan.config.serve.settings(name),
        code_fingerprint=plan.code_fingerprints["ServingValidator"],
    ).with_id(node_id("ServingValidator", candidate))


def _approval(
    plan: Plan, gate: GateNodes, validator: Any, candidate: str
) -> Any | None:
    if plan.places.approval is None:
        return None
    return ModelApproval(
        model=gate.packager.outputs["packaged_model"],
        infra_blessing=validator.outputs["blessing"],
        model_name=model_name(plan.config.package.model_name, candidate),
        signed_file=plan.places.approval,
        code_fingerprint=plan.code_fingerprints["ModelApproval"],
    ).with_id(node_id("ModelApproval", candidate))


def _pusher(
    plan: Plan, gate: GateNodes, validator: Any, approval: Any | None, candidate: str
) -> Any:
    return ModelPusher(
        model=gate.packager.outputs["packaged_model"],
        model_blessing=gate.gate.outputs["blessing"],
        infra_blessing=validator.outputs["blessing"],
        verdict=gate.gate.outputs["verdict"],
        validation=validator.outputs["validation"],
        approval=None if approval is None else approval.outputs["approval"],
        directory=plan.places.push_directory,
        model_name=model_name(plan.config.package.model_name, candidate),
        keep_versions=plan.config.push.keep_versions,
        destination_fingerprint=plan.places.destination_fingerprints.get(
            candidate, INTACT
        ),
        code_fingerprint=plan.code_fingerprints["ModelPusher"],
    ).with_id(node_id("ModelPusher", candidate))
