"""Audits a dataset: two passes of Beam, the verdict, and the three files."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.findings import Finding
from components.dataset_auditor.leakage import (
    find_exact_duplicates,
    find_look_alikes,
    find_shared_groups,
    find_shared_ids,
)
from components.dataset_auditor.ledger import Ledger
from components.dataset_auditor.outside_findings import (
    find_anomalies,
    find_skipped,
    tidy_skipped,
)
from components.dataset_auditor.page import render_page
from components.dataset_auditor.page_findings import thumbnails_wanted
from components.dataset_auditor.record_audit import RecordAudit
from components.dataset_auditor.report import describe_audit, render_text
from components.dataset_auditor.tolerances import AuditTolerances
from components.dataset_auditor.totals import describe_totals
from components.dataset_auditor.transforms import AuditRecords, DrawThumbnails
from components.dataset_auditor.verdict import judge

MAX_LISTED = 10_000  # findings of one rule in audit.json, and look-alikes searched


def run_audit(
    *,
    splits: Mapping[str, Sequence[str]],
    task: str,
    taxonomy: Mapping[str, Any],
    tolerances: AuditTolerances,
    slice_features: Sequence[str] = ("view", "domain", "source"),
    skipped: Mapping[str, Any] | None = None,
    anomalies: Mapping[str, Sequence[str]] | None = None,
    out_dir: str,
    beam_pipeline_args: Sequence[str] = (),
) -> dict[str, Any]:
    """Writes `audit.json`, `audit.html`, `audit.txt`; returns the first as a dict.

    Args:
        splits: Split name to its TFRecord files (plain or .gz).
        task: Name of the task, whose mask is `mask/<task>`.
        taxonomy: The taxonomy's JSON form.
        tolerances: Bounds of the verdict.
        slice_features: Byte features to count by.
        skipped: What the builder left out (see `SkippedSources`).
        anomalies: Split name to sentences of ExampleValidator.
        out_dir: Folder of the three files; made where missing.
        beam_pipeline_args: Beam's flags.

    Raises:
        ValueError: A file of `splits` does not exist.
    """
    _check_files(splits)
    table = ClassTable.from_taxonomy(taxonomy)
    work_dir = FileSystems.join(out_dir, f".audit-{uuid.uuid4().hex}")
    FileSystems.mkdirs(work_dir)
    runner = _Passes(splits, FileSystems.join(work_dir, ""), list(beam_pipeline_args))
    try:
        ledger = Ledger()
        for line in runner.run(
            "audit",
            lambda split: AuditRecords(
                split, task, table, tolerances, tuple(slice_features)
            ),
        ):
            ledger.add(RecordAudit.from_json(line))
        report, shown = _conclude(
            ledger,
            splits=splits,
            task=task,
            table=table,
            tolerances=tolerances,
            skipped=skipped,
            anomalies=anomalies,
        )
        wanted = thumbnails_wanted(shown)
        pictures: dict[str, str] = {}
        if wanted:
            lines = runner.run("draw", lambda _: DrawThumbnails(wanted, task, table))
            pictures = dict(json.loads(line) for line in lines)
    finally:
        FileSystems.delete([work_dir])
    _write(out_dir, "audit.json", _to_json(report))
    _write(out_dir, "audit.html", render_page(report, shown, pictures, table))
    _write(out_dir, "audit.txt", render_text(report))
    return report


class _Passes:
    """Runs a transform over all records and reads back its lines."""

    def __init__(
        self, splits: Mapping[str, Sequence[str]], work_dir: str, args: list[str]
    ) -> None:
        self._splits = splits
        self._work_dir = work_dir
        self._args = args

    def run(
        self, name: str, transform_of: Callable[[str], beam.PTransform]
    ) -> Iterator[str]:
        """Yields the lines that the transform made of every split's records."""
        prefix = FileSystems.join(self._work_dir, name)
        with beam.Pipeline(options=PipelineOptions(self._args)) as pipeline:
            lines = [
                pipeline
                | f"Files[{split}]" >> beam.Create(sorted(files), reshuffle=False)
                | f"Read[{split}]" >> beam.io.ReadAllFromTFRecord()
                | f"{name}[{split}]" >> transform_of(split)
                for split, files in sorted(self._splits.items())
                if files
            ]
            if lines:
                merged = lines | "Merge" >> beam.Flatten()
                _ = merged | "Write" >> beam.io.WriteToText(prefix)
        return _read_lines(prefix)


def _conclude(
    ledger: Ledger,
    *,
    splits: Mapping[str, Sequence[str]],
    task: str,
    table: ClassTable,
    tolerances: AuditTolerances,
    skipped: Mapping[str, Any] | None,
    anomalies: Mapping[str, Sequence[str]] | None,
) -> tuple[dict[str, Any], Sequence[Finding]]:
    identities, thumbnails = ledger.sorted_records()
    skipped_sources = tidy_skipped(skipped)
    findings = [
        *ledger.findings,
        *find_shared_ids(identities),
        *find_shared_groups(identities),
        *find_exact_duplicates(identities),
        *find_look_alikes(
            identities,
            thumbnails,
            similarity=tolerances.near_duplicate_similarity,
            limit=MAX_LISTED,
        ),
        *find_skipped(skipped_sources),
        *find_anomalies(anomalies or {}),
    ]
    totals = describe_totals(ledger.totals, table, list(splits))
    verdict = judge(
        findings,
        examples=len(identities),
        void_share=ledger.totals.void_share,
        split_sizes={name: row["examples"] for name, row in totals["splits"].items()},
        skipped_share=skipped_sources["share"],
        tolerances=tolerances,
    )
    report = describe_audit(
        verdict,
        task=task,
        totals=totals,
        skipped=skipped_sources,
        anomalies=anomalies or {},
        tolerances=tolerances,
        max_listed=MAX_LISTED,
    )
    return report, verdict.findings


def _check_files(splits: Mapping[str, Sequence[str]]) -> None:
    for split, files in splits.items():
        for path in files:
            if not FileSystems.exists(path):
                raise ValueError(
                    f"every file of a split must exist, split {split!r} has none at"
                    f" {path!r}; pass the TFRecord files that the generator wrote"
                )


def _read_lines(prefix: str) -> Iterator[str]:
    for metadata in FileSystems.match([f"{prefix}-*"])[0].metadata_list:
        with FileSystems.open(metadata.path) as stream:
            while line := stream.readline():
                yield line.decode("utf-8")


def _to_json(report: Mapping[str, Any]) -> str:
    return json.dumps(report, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _write(out_dir: str, name: str, text: str) -> None:
    with FileSystems.create(FileSystems.join(out_dir, name)) as stream:
        stream.write(text.encode("utf-8"))
