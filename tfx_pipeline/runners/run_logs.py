"""Sends the libraries' logs into a file, and node starts and ends to a listener."""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from absl import logging as absl_logging

_NODE_EVENT = re.compile(r"Component (\S+) is (running|finished)\.")
# Libraries that write to stderr beside the root logger.
_OWN_HANDLERS = ("absl", "tensorflow")
_KEPT_RUNS = 3
_MAX_BYTES = 20 << 20

NodeListener = Callable[[str, str], None]


class _NodeEvents(logging.Handler):
    """Hears from TFX's log which node has started or ended."""

    def __init__(self, listener: NodeListener) -> None:
        super().__init__(logging.INFO)
        self._listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        if match := _NODE_EVENT.fullmatch(record.getMessage()):
            self._listener(match[1], match[2])


@contextlib.contextmanager
def logs_to_file(path: Path, listener: NodeListener | None = None) -> Iterator[None]:
    """Keeps the terminal quiet: logs, warnings and prints go to the file.

    Args:
        path: The log file; older ones are kept beside it as `.1`, `.2`.
        listener: Called with a node's id and `running` or `finished`.
    """
    _rotate(path)
    root = logging.getLogger()
    loud = [logging.getLogger(name) for name in _OWN_HANDLERS]
    before = [(logger, logger.handlers[:], logger.level) for logger in (root, *loud)]
    verbosity = absl_logging.get_verbosity()
    # Not only the logger's level: TensorFlow silences absl for a moment and then sets
    # the verbosity that it found, which would end the listening.
    absl_logging.set_verbosity(absl_logging.INFO)
    file = logging.FileHandler(path, encoding="utf-8")
    file.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    )
    for logger in loud:
        logger.handlers = []
        logger.setLevel(logging.INFO)
    root.handlers = [file]
    if listener:
        root.addHandler(_NodeEvents(listener))
    root.setLevel(logging.INFO)
    # TFDS prints greetings to stdout, which belongs to results.
    with (
        warnings.catch_warnings(),
        path.open("a", encoding="utf-8") as prints,
        contextlib.redirect_stdout(prints),
    ):
        logging.captureWarnings(True)
        try:
            yield
        finally:
            logging.captureWarnings(False)
            absl_logging.set_verbosity(verbosity)
            for logger, handlers, level in before:
                logger.handlers, logger.level = handlers, level
            file.close()


def _rotate(path: Path) -> None:
    if not path.exists() or path.stat().st_size < _MAX_BYTES:
        return
    for age in range(_KEPT_RUNS, 1, -1):
        older = path.with_name(f"{path.name}.{age - 1}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{age}"))
    path.replace(path.with_name(f"{path.name}.1"))
