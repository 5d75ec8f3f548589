"""Manifests as a cluster would get them: rendered, and checked against the schemas."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import kubernetes_validate
import yaml

from tests.deploy.inference_service import SCHEMA_OF, InvalidResourceError
from tests.deploy.plain_kustomize import Document, render_plainly

# The oldest that the manifests are written for, and the newest that there is a
# schema of.
KUBERNETES_VERSIONS = ("1.30", "1.37")


class ManifestError(ValueError):
    """Documents that a cluster would refuse; the message has a line for each fault."""


def render(folder: Path) -> list[Document]:
    """Returns what `kubectl apply -k folder` sends, sorted by kind and name.

    kustomize as it is built into kubectl does it where there is a kubectl; elsewhere
    `plain_kustomize` does, and test_plain_kustomize.py proves that both agree.
    """
    return render_with_kubectl(folder) if has_kubectl() else render_plainly(folder)


def has_kubectl() -> bool:
    return shutil.which("kubectl") is not None


def render_with_kubectl(folder: Path) -> list[Document]:
    done = subprocess.run(
        ["kubectl", "kustomize", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ManifestError(f"{folder} does not render: {done.stderr.strip()}")
    return in_order(yaml.safe_load_all(done.stdout))


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Returns the documents sorted, so that two renderings can be compared."""
    return sorted(documents, key=lambda one: (one["kind"], one["metadata"]["name"]))


def check(
    documents: Sequence[Document], versions: Sequence[str] = KUBERNETES_VERSIONS
) -> None:
    """Refuses documents that break the schema of their kind; unknown fields break it.

    Raises:
        ManifestError: With a line per document and fault. No document at all is one.
    """
    if not documents:
        raise ManifestError("there are no documents; is the folder the right one?")
    faults = [fault for one in documents for fault in _faults(one, versions)]
    if faults:
        raise ManifestError("\n".join(dict.fromkeys(faults)))


def _faults(document: Document, versions: Sequence[str]) -> Iterator[str]:
    kind = (document.get("apiVersion"), document.get("kind"))
    name = f"{kind[1]}/{document.get('metadata', {}).get('name')}"
    for version in versions:
        try:
            if kind in SCHEMA_OF:
                SCHEMA_OF[kind](document, version)
            else:
                kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as fault:
            place = ".".join(str(part) for part in fault.path) or "the document"
            yield f"{name}: {place}: {fault.message} (Kubernetes {version})"
        except InvalidResourceError as fault:
            yield f"{name}: {fault}"
        except kubernetes_validate.SchemaNotFoundError as fault:
            yield f"{name}: {fault.message}"
