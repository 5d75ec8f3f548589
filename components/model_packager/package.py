"""Judges a SavedModel and, if nothing speaks against it, packages it."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tensorflow.core.protobuf import meta_graph_pb2
from tfx.dsl.io import fileio

from components.model_packager.card import CardFacts, make_card, render_card
from components.model_packager.manifest import (
    compare_files,
    hash_files,
    list_files,
    write_manifest,
)
from components.model_packager.package_files import (
    CARD_FILE,
    CARD_JSON_FILE,
    MANIFEST_FILE,
    METRICS_FILE,
)
from components.model_packager.refusals import refuse_operations, refuse_version
from components.model_packager.saved_model_file import placed_nodes, read_meta_graph
from components.model_packager.warmup import (
    WARMUP_FILE,
    input_size_px,
    write_warmup_requests,
)

OWN_FILES = (CARD_FILE, CARD_JSON_FILE, METRICS_FILE, WARMUP_FILE, MANIFEST_FILE)
_INIT_OP = "__saved_model_init_op"


@dataclass(frozen=True, kw_only=True)
class PackageSettings:
    """What the owner of the model states.

    Attributes:
        model_name: Under which it is served.
        taxonomy: The taxonomy's JSON form.
        target_version: TensorFlow of the servers, such as 2.16.
        intended_use: Text for the card.
        limits: Sentences for the card.
        warmup_batch_sizes: Sizes that the servers batch to.
    """

    model_name: str
    taxonomy: Mapping[str, Any]
    target_version: str
    intended_use: str = ""
    limits: Sequence[str] = ()
    warmup_batch_sizes: Sequence[int] = (1,)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What earlier nodes found out about model and data; all of it optional."""

    figures: Sequence[Mapping[str, Any]] = ()
    verdict: Mapping[str, Any] | None = None
    splits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Packaged:
    """What came of it.

    Attributes:
        reasons: Sentences against the model; empty where it was packaged.
        manifest_sha256: Hash of the manifest, '' where there is none.
    """

    reasons: Sequence[str] = ()
    manifest_sha256: str = ""


def package_model(
    source: str, target: str, settings: PackageSettings, measured: Measured
) -> Packaged:
    """Copies the SavedModel bit for bit and adds card, metrics, warm-up, manifest.

    Args:
        source: Folder of `saved_model.pb`.
        target: New folder of the packaged model; not made where it is refused.
        settings: What the owner states.
        measured: What earlier nodes found out.
    """
    meta_graph = read_meta_graph(source)
    made_with = meta_graph.meta_info_def.tensorflow_version
    reasons = [
        *refuse_version(made_with, settings.target_version),
        *refuse_operations(placed_nodes(meta_graph)),
    ]
    if reasons:
        return Packaged(reasons=reasons)
    copy_model(source, target)
    signatures = dict(meta_graph.signature_def)
    signatures.pop(_INIT_OP, None)
    _write_card(target, settings, measured, signatures, made_with)
    write_warmup_requests(
        target,
        signatures,
        model_name=settings.model_name,
        batch_sizes=settings.warmup_batch_sizes,
    )
    return Packaged(manifest_sha256=write_manifest(target))


def copy_model(source: str, target: str) -> None:
    """Copies every file and checks that the copy is the same to the bit.

    Raises:
        ValueError: The model already holds a file that is written here.
        OSError: A file changed on its way.
    """
    names = list_files(source)
    taken = sorted(set(OWN_FILES).intersection(names))
    if taken:
        raise ValueError(
            f"a model must not be packaged twice, {source!r} already holds"
            f" {', '.join(taken)}; give the model as it was trained"
        )
    for name in names:
        path = posixpath.join(target, name)
        fileio.makedirs(posixpath.dirname(path))
        fileio.copy(posixpath.join(source, name), path)
    differences = compare_files(hash_files(source), hash_files(target))
    if differences:
        raise OSError(f"the copy is not the model: {'; '.join(differences)}")


def _write_card(
    target: str,
    settings: PackageSettings,
    measured: Measured,
    signatures: Mapping[str, meta_graph_pb2.SignatureDef],
    made_with: str,
) -> None:
    card = make_card(
        CardFacts(
            model_name=settings.model_name,
            intended_use=settings.intended_use,
            limits=settings.limits,
            taxonomy=settings.taxonomy,
            splits=measured.splits,
            figures=measured.figures,
            verdict=measured.verdict,
            made_with=made_with,
            size_px=input_size_px(signatures),
            signatures=list(signatures),
        )
    )
    metrics = {"figures": list(measured.figures), "gate": measured.verdict}
    _write(target, CARD_FILE, render_card(card))
    _write(target, CARD_JSON_FILE, _to_json(card))
    _write(target, METRICS_FILE, _to_json(metrics))


def _to_json(value: Any) -> str:
    text = json.dumps(
        value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False
    )
    return text + "\n"


def _write(target: str, name: str, content: str) -> None:
    path = posixpath.join(target, name)
    fileio.makedirs(posixpath.dirname(path))
    with fileio.open(path, "wb") as stream:
        stream.write(content.encode("utf-8"))
