"""What all manifests of the project keep to, whatever they start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.deploy.plain_kustomize import Document

_WITH_TEMPLATE = ("Deployment", "StatefulSet", "DaemonSet", "Job")


def pod_specs(documents: Sequence[Document]) -> Iterator[tuple[str, Document]]:
    """Yields name and pod spec of everything that starts containers."""
    for one in documents:
        name = f"{one['kind']}/{one['metadata']['name']}"
        if one["kind"] in _WITH_TEMPLATE:
            yield name, one["spec"]["template"]["spec"]
        elif one["kind"] == "InferenceService":
            yield name, one["spec"]["predictor"]


def broken_rules(documents: Sequence[Document]) -> list[str]:
    """Returns a sentence for each breach; names are those of the documents."""
    found = [
        sentence
        for name, spec in pod_specs(documents)
        for sentence in (
            *_in_containers(name, spec),
            *_in_volumes(name, spec, documents),
        )
    ]
    return [*found, *_in_selectors(documents), *_in_ports(documents)]


def image_fault(image: str) -> str:
    """Says why an image's name is none of ours to publish, empty if it is."""
    first, _, rest = image.partition("/")
    if rest and ("." in first or ":" in first or first == "localhost"):
        return f"{image} names the registry {first}"
    tag = image.rpartition("/")[2].partition(":")[2]
    if not tag or tag == "latest" or "$" in tag:
        return f"{image} has no fixed tag"
    return ""


def _in_containers(name: str, spec: Mapping[str, Any]) -> Iterator[str]:
    pod = spec.get("securityContext", {})
    if spec.get("automountServiceAccountToken") is not False:
        yield f"{name} gets a token of the cluster's API"
    for one in (*spec.get("initContainers", ()), *spec["containers"]):
        own = one.get("securityContext", {})
        place = f"{name}, {one['name']}"
        if fault := image_fault(one["image"]):
            yield f"{place}: {fault}"
        if not own.get("runAsNonRoot", pod.get("runAsNonRoot")):
            yield f"{place} may run as root"
        if not own.get("runAsUser", pod.get("runAsUser")):
            yield f"{place} has no numeric user"
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"{place} may gain privileges"
        if own.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"{place} keeps capabilities"
        resources = one.get("resources", {})
        for kind, what in (
            *(("requests", "cpu"), ("requests", "memory")),
            ("limits", "memory"),
        ):
            if what not in resources.get(kind, {}):
                yield f"{place} has no {kind} of {what}"


def _in_volumes(
    name: str, spec: Mapping[str, Any], documents: Sequence[Document]
) -> Iterator[str]:
    volumes = {one["name"]: one for one in spec.get("volumes", ())}
    mounted = [
        mount["name"]
        for one in (*spec.get("initContainers", ()), *spec["containers"])
        for mount in one.get("volumeMounts", ())
    ]
    for volume in sorted(set(mounted) ^ set(volumes)):
        yield f"{name}: volume {volume} is only mounted or only defined"
    for volume in volumes.values():
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim and not _names(documents, "PersistentVolumeClaim", claim):
            yield f"{name}: there is no claim {claim}"
        config = volume.get("configMap", {}).get("name")
        if config and not _names(documents, "ConfigMap", config):
            yield f"{name}: there is no ConfigMap {config}"


def _names(documents: Sequence[Document], kind: str, name: str) -> bool:
    return any(
        (one["kind"], one["metadata"]["name"]) == (kind, name) for one in documents
    )


def _in_selectors(documents: Sequence[Document]) -> Iterator[str]:
    labels = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in documents
        if one["kind"] in _WITH_TEMPLATE
    ]
    for one in documents:
        name, spec = f"{one['kind']}/{one['metadata']['name']}", one.get("spec", {})
        if one["kind"] == "Deployment":
            own = spec["template"]["metadata"]["labels"]
            if not spec["selector"]["matchLabels"].items() <= own.items():
                yield f"{name} does not select its own pods"
        wanted = {
            "Service": spec.get("selector"),
            "PodDisruptionBudget": spec.get("selector", {}).get("matchLabels"),
            "NetworkPolicy": spec.get("podSelector", {}).get("matchLabels"),
        }.get(one["kind"])
        if wanted and not any(wanted.items() <= pods.items() for pods in labels):
            yield f"{name} selects no pod"
        if one["kind"] == "HorizontalPodAutoscaler":
            target = spec["scaleTargetRef"]
            if not _names(documents, target["kind"], target["name"]):
                yield f"{name} scales nothing"


def _in_ports(documents: Sequence[Document]) -> Iterator[str]:
    """Finds ports of services that the pods behind them do not have."""
    for one in documents:
        if one["kind"] != "Service" or not one["spec"].get("selector"):
            continue
        known: set[Any] = set()
        for other in documents:
            if other["kind"] in _WITH_TEMPLATE:
                template = other["spec"]["template"]
                chosen = one["spec"]["selector"].items()
                if chosen <= template["metadata"]["labels"].items():
                    for container in template["spec"]["containers"]:
                        for port in container.get("ports", ()):
                            known |= {port.get("name"), port["containerPort"]}
        for port in one["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            if target not in known:
                yield f"Service/{one['metadata']['name']}: no pod has port {target}"
