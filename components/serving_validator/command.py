"""The server's command line, from a template: no server is imported here."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

# One try is enough: a model on this disk does not become better by waiting.
DEFAULT_COMMAND = (
    "{python}",
    "-m",
    "serving.server",
    "--port={port}",
    "--rest_api_port={rest_port}",
    "--model_name={model_name}",
    "--model_base_path={base_path}",
    "--max_num_load_retries=0",
)
PLACEHOLDERS = ("python", "port", "rest_port", "model_name", "base_path")


def check_command(template: Sequence[str]) -> None:
    """Refuses a template that cannot be filled.

    Raises:
        ValueError: It is empty, or names an unknown placeholder.
    """
    if not template:
        raise ValueError("serve.command must name a program, got an empty list")
    for part in template:
        for name in _placeholders(part):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                raise ValueError(
                    f"serve.command must use the placeholders {known}, got"
                    f" {part!r}; write {{{{ and }}}} for braces that stay"
                )


def fill_command(template: Sequence[str], values: Mapping[str, object]) -> list[str]:
    """Returns the command with every placeholder filled.

    Args:
        template: Parts such as `--port={port}`.
        values: A value for each of `PLACEHOLDERS`.

    Example:
        >>> fill_command(["serve", "--port={port}"], {"port": 8500})
        ['serve', '--port=8500']
    """
    check_command(template)
    return [part.format(**values) for part in template]


def _placeholders(part: str) -> list[str]:
    try:
        return [
            name for _, name, _, _ in string.Formatter().parse(part) if name is not None
        ]
    except ValueError as err:
        raise ValueError(
            f"serve.command must have its braces in pairs, got {part!r} ({err})"
        ) from err
