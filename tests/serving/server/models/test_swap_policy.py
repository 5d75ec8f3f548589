from __future__ import annotations

import pytest

from serving.server.models.swap_policy import Act, Snapshot, State, next_action


def versions(**states: str) -> list[Snapshot]:
    """`v1="available old"` is an available version that is not wanted."""
    return [
        Snapshot(
            version=int(name[1:]),
            state=State[words.split()[0].upper()],
            aspired="old" not in words,
        )
        for name, words in states.items()
    ]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, None),
        ({"v1": "start"}, (Act.LOAD, 1)),
        ({"v1": "start", "v3": "start", "v2": "start"}, (Act.LOAD, 3)),
        ({"v1": "loading"}, None),
        ({"v1": "loading", "v2": "start"}, None),
        ({"v1": "available old", "v2": "start"}, (Act.LOAD, 2)),
        ({"v1": "available old", "v2": "loading"}, None),
        ({"v1": "available old", "v2": "end"}, None),
        ({"v1": "available old", "v2": "available"}, (Act.UNLOAD, 1)),
        ({"v1": "available old"}, (Act.UNLOAD, 1)),
        ({"v1": "unloading old", "v2": "available"}, None),
        ({"v1": "start", "v2": "available old"}, (Act.LOAD, 1)),
        ({"v3": "available old", "v1": "available old"}, (Act.UNLOAD, 1)),
        ({"v1": "available", "v2": "end old"}, None),
        ({"v1": "start old"}, None),
    ],
    ids=str,
)
def test_one_version_is_always_there(
    states: dict[str, str], expected: tuple[Act, int] | None
) -> None:
    assert next_action(versions(**states)) == expected
