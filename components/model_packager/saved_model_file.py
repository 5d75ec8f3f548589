"""Reads `saved_model.pb` without loading it: version, signatures, operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tensorflow.core.framework import attr_value_pb2, node_def_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2
from tfx.dsl.io import fileio

SAVED_MODEL_FILE = "saved_model.pb"
SERVING_TAG = "serve"


@dataclass(frozen=True, kw_only=True)
class PlacedNode:
    """A node, the function that holds it, and whether an answer may need it.

    Attributes:
        node: The node as it is stored.
        function: Name of the function; None is the graph itself.
        is_served: Whether a signature reaches it.
    """

    node: node_def_pb2.NodeDef
    function: str | None
    is_served: bool

    @property
    def place(self) -> str:
        """Where a person finds it."""
        owner = f"function {self.function!r}" if self.function else "the graph"
        return f"node {self.node.name!r} of {owner}"


def read_meta_graph(folder: str) -> meta_graph_pb2.MetaGraphDef:
    """Returns the graph with the tag that servers load.

    Raises:
        ValueError: The folder holds no SavedModel for serving.
    """
    path = f"{folder}/{SAVED_MODEL_FILE}"
    if not fileio.exists(path):
        raise ValueError(f"a model must be a SavedModel, {path!r} does not exist")
    with fileio.open(path, "rb") as stream:
        stored = saved_model_pb2.SavedModel.FromString(stream.read())
    for meta_graph in stored.meta_graphs:
        if SERVING_TAG in meta_graph.meta_info_def.tags:
            return meta_graph
    raise ValueError(
        f"{path!r} has no graph with the tag {SERVING_TAG!r}; export it for serving"
    )


def placed_nodes(meta_graph: meta_graph_pb2.MetaGraphDef) -> Iterator[PlacedNode]:
    """Yields every node of the graph and of its library, also those never called."""
    graph = meta_graph.graph_def
    served = _needed_nodes(graph.node, _output_nodes(meta_graph))
    bodies = {item.signature.name: item.node_def for item in graph.library.function}
    served_functions = _called_functions(
        (node for node in graph.node if node.name in served), bodies
    )
    for node in graph.node:
        yield PlacedNode(node=node, function=None, is_served=node.name in served)
    for name, body in bodies.items():
        for node in body:
            yield PlacedNode(
                node=node, function=name, is_served=name in served_functions
            )


def _output_nodes(meta_graph: meta_graph_pb2.MetaGraphDef) -> set[str]:
    return {
        _node_name(info.name)
        for signature in meta_graph.signature_def.values()
        for info in signature.outputs.values()
    }


def _node_name(tensor: str) -> str:
    return tensor.removeprefix("^").partition(":")[0]


def _needed_nodes(nodes: Iterable[node_def_pb2.NodeDef], ends: set[str]) -> set[str]:
    inputs = {node.name: [_node_name(item) for item in node.input] for node in nodes}
    return _reach(ends, inputs)


def _called_functions(
    nodes: Iterable[node_def_pb2.NodeDef],
    bodies: dict[str, Iterable[node_def_pb2.NodeDef]],
) -> set[str]:
    calls = {name: list(_functions_of(body)) for name, body in bodies.items()}
    return _reach(set(_functions_of(nodes)), calls)


def _functions_of(nodes: Iterable[node_def_pb2.NodeDef]) -> Iterator[str]:
    """Yields the names of functions that nodes call, by kind or by attribute."""
    for node in nodes:
        yield node.op
        for attribute in node.attr.values():
            yield from _functions_in(attribute)


def _functions_in(attribute: attr_value_pb2.AttrValue) -> Iterator[str]:
    named = [attribute.func] if attribute.HasField("func") else []
    yield from (function.name for function in (*named, *attribute.list.func))


def _reach(starts: set[str], following: dict[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [name for name in starts if name in following]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [item for item in following[name] if item in following]
    return reached
