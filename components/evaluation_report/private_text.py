"""Takes folders of the machine out of texts that travel with the report."""

from __future__ import annotations

import re
from typing import Any

# An absolute path, alone in quotes (it may hold blanks there) or up to the next blank.
_QUOTED = re.compile(r"""(?P<quote>['"])(?:file://)?[/~][^'"\n]*?(?P=quote)""")
_BARE = re.compile(
    r"""(?:(?<=[\s(=:,\[])|^)(?:file://)?(?:/(?!/)|~/)[^\s'",;()\[\]<>]+"""
)


def hide_paths(value: Any) -> Any:
    """Returns a JSON value whose absolute paths keep their last name only.

    Example:
        >>> hide_paths({"dir": "/home/kim/my cars", "why": "no mask in /srv/a/b.png"})
        {'dir': '…/my cars', 'why': 'no mask in …/b.png'}
    """
    if isinstance(value, dict):
        return {key: hide_paths(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [hide_paths(entry) for entry in value]
    return _hide(value) if isinstance(value, str) else value


def _hide(text: str) -> str:
    # A whole value that starts like a path is one, blanks or not.
    if re.match(r"(?:file://)?(?:/|~/)[^\n]*$", text):
        return _last_name(text)
    quoted = _QUOTED.sub(
        lambda found: (
            found["quote"] + _last_name(found[0].strip("'\"")) + found["quote"]
        ),
        text,
    )
    return _BARE.sub(lambda found: _last_name(found[0]), quoted)


def _last_name(path: str) -> str:
    return f"…/{path.rstrip('/').rpartition('/')[2]}"
