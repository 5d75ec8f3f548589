"""The ends of a little pipeline in tests: examples and a model in, a local run out."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def read_inputs(root: Path, model_uri: str) -> tuple[Any, Any]:
    """Returns the nodes that bring `<root>/set/{train,test}` and a model's folder."""
    from tfx import v1 as tfx
    from tfx.proto import example_gen_pb2

    patterns = [
        example_gen_pb2.Input.Split(name=split, pattern=f"{split}/*")
        for split in ("train", "test")
    ]
    examples = tfx.components.ImportExampleGen(
        input_base=str(root / "set"),
        input_config=example_gen_pb2.Input(splits=patterns),
    )
    model = tfx.dsl.Importer(
        source_uri=model_uri, artifact_type=tfx.types.standard_artifacts.Model
    ).with_id("ModelFile")
    return examples, model


def run_nodes(root: Path, name: str, nodes: list[Any]) -> None:
    """Runs the nodes; artifacts and ML Metadata are kept in `root`."""
    from tfx import v1 as tfx

    tfx.orchestration.LocalDagRunner().run(
        tfx.dsl.Pipeline(
            pipeline_name=name,
            pipeline_root=str(root / "pipeline"),
            components=nodes,
            metadata_connection_config=(
                tfx.orchestration.metadata.sqlite_metadata_connection_config(
                    str(root / "metadata.sqlite")
                )
            ),
        )
    )
