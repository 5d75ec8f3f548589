"""Collects the records' audits, in any order, into what the verdict needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from components.dataset_auditor.findings import Finding
from components.dataset_auditor.leakage import Identity
from components.dataset_auditor.record_audit import RecordAudit
from components.dataset_auditor.screening import SIDE_PX
from components.dataset_auditor.totals import Totals

_NO_THUMBNAIL = bytes(SIDE_PX * SIDE_PX)


@dataclass
class Ledger:
    """Grows by about 1.5 kB a record.

    Attributes:
        totals: Histograms.
        findings: Defects of single records, one finding a record and rule.
    """

    totals: Totals = field(default_factory=Totals)
    findings: list[Finding] = field(default_factory=list)
    _identities: list[Identity] = field(default_factory=list)
    _thumbnails: bytearray = field(default_factory=bytearray)

    def add(self, record: RecordAudit) -> None:
        """Takes one record in."""
        self.totals.add(record)
        self.findings.extend(_record_findings(record))
        self._identities.append(
            Identity(
                split=record.split,
                example_id=record.example_id,
                group_id=record.group_id,
                content=record.content,
                record_key=record.record_key,
            )
        )
        self._thumbnails += record.thumbnail or _NO_THUMBNAIL

    def sorted_records(self) -> tuple[list[Identity], npt.NDArray[np.uint8]]:
        """Returns identities and thumbnails [n, 32, 32] in the order of identity."""
        order = sorted(
            range(len(self._identities)), key=lambda index: self._identities[index]
        )
        flat = np.frombuffer(bytes(self._thumbnails), np.uint8)
        pictures = flat.reshape(-1, SIDE_PX, SIDE_PX)
        return [self._identities[index] for index in order], pictures[order]


def _record_findings(record: RecordAudit) -> Iterator[Finding]:
    by_rule: dict[str, list[str]] = {}
    for rule, detail in record.defects:
        by_rule.setdefault(rule, []).append(detail)
    for rule, details in by_rule.items():
        yield Finding(
            rule=rule,
            detail="; ".join(details),
            examples=(record.example_id,),
            splits=(record.split,),
            record_keys=(record.record_key,),
        )
