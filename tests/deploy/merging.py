"""How a patch changes a manifest: strategic merge, and RFC 6902 JSON patch."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

# Lists whose items Kubernetes tells apart by a field: the API's patchMergeKey.
_MERGE_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "volumes": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "ports": ("containerPort", "port"),
    "topologySpreadConstraints": ("topologyKey",),
}


def merged(old: Any, patch: Any, *, by_key: bool, field: str = "") -> Any:
    """Returns `old` with a strategic merge patch applied.

    Args:
        old: A document or a part of it; it stays as it is.
        patch: The same part of the patch; None removes a field.
        by_key: Whether items of lists are matched; kustomize cannot for custom kinds.
        field: The name under which `old` stands.
    """
    if isinstance(old, dict) and isinstance(patch, dict):
        result = {key: copy.deepcopy(value) for key, value in old.items()}
        for key, value in patch.items():
            if value is None:
                result.pop(key, None)
            else:
                result[key] = merged(result.get(key), value, by_key=by_key, field=key)
        return result
    if by_key and isinstance(old, list) and isinstance(patch, list):
        key = _merge_key(field, [*old, *patch])
        if key:
            return _merged_list(old, patch, key)
    return copy.deepcopy(patch)


def _merge_key(field: str, items: Iterable[Any]) -> str | None:
    found = list(items)
    for key in _MERGE_KEYS.get(field, ()):
        if all(isinstance(item, dict) and key in item for item in found):
            return key
    return None


def _merged_list(old: list[Any], patch: list[Any], key: str) -> list[Any]:
    """Returns the patch's new items first, as kustomize does, then the old ones."""
    by_name = {item[key]: item for item in patch}
    known = {item[key] for item in old}
    new = [copy.deepcopy(item) for item in patch if item[key] not in known]
    return new + [
        merged(item, by_name[item[key]], by_key=True)
        if item[key] in by_name
        else copy.deepcopy(item)
        for item in old
        if by_name.get(item[key], {}).get("$patch") != "delete"
    ]


def apply_json_patch(document: Any, operations: Iterable[Mapping[str, Any]]) -> Any:
    """Returns `document` after `add`, `replace`, `remove` and `test` of RFC 6902.

    Raises:
        ValueError: An operation is another one, or a `test` fails.
        KeyError: A path leads nowhere.
    """
    result = copy.deepcopy(document)
    for operation in operations:
        *way, last = [
            part.replace("~1", "/").replace("~0", "~")
            for part in operation["path"].split("/")[1:]
        ]
        place = result
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place[part]
        _apply(place, last, operation)
    return result


def _apply(place: Any, last: str, operation: Mapping[str, Any]) -> None:
    name, value = operation["op"], copy.deepcopy(operation.get("value"))
    key = _index(place, last) if isinstance(place, list) else last
    if name == "add" and isinstance(place, list):
        place.insert(key, value)
    elif name == "add":
        place[key] = value
    elif name == "replace":
        place[key]  # RFC 6902: what is replaced has to be there
        place[key] = value
    elif name == "remove":
        del place[key]
    elif name == "test":
        if place[key] != value:
            raise ValueError(f"test of {operation['path']} failed: {place[key]!r}")
    else:
        raise ValueError(f"JSON patch must be add, replace, remove or test: {name!r}")


def _index(place: list[Any], last: str) -> int:
    return len(place) if last == "-" else int(last)
