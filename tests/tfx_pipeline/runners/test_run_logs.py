"""The listener hears every node, whatever libraries do to the loggers meanwhile."""

from __future__ import annotations

import logging
from pathlib import Path

from absl import logging as absl_logging

from tfx_pipeline.runners.run_logs import logs_to_file


def test_the_listener_hears_nodes_also_after_absl_was_silenced(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []

    with logs_to_file(tmp_path / "run.log", lambda *event: heard.append(event)):
        absl_logging.info("Component %s is running.", "Transform")
        # As TensorFlow does where it lists the functions of a trackable object.
        verbosity = absl_logging.get_verbosity()
        absl_logging.set_verbosity(absl_logging.FATAL)
        absl_logging.set_verbosity(verbosity)
        absl_logging.info("Component %s is finished.", "Transform")
        absl_logging.info("Something else is running.")

    assert heard == [("Transform", "running"), ("Transform", "finished")]
    assert "Component Transform is finished." in (tmp_path / "run.log").read_text()


def test_all_is_as_before_behind_it(tmp_path: Path) -> None:
    before = (absl_logging.get_verbosity(), logging.getLogger().handlers[:])

    with logs_to_file(tmp_path / "run.log"):
        assert absl_logging.get_verbosity() == absl_logging.INFO

    assert (absl_logging.get_verbosity(), logging.getLogger().handlers[:]) == before
