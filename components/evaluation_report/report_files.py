"""Names of the files in an EvaluationReport artifact."""

from __future__ import annotations

REPORT_FILE = "report.html"
METRICS_FILE = "metrics.json"
