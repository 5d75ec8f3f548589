"""A node that leaves a file behind when it runs."""

from pathlib import Path

from tfx.dsl.component.experimental.annotations import Parameter
from tfx.dsl.component.experimental.decorators import component


@component
def LaterNode(marker_file: Parameter[str]):
    Path(marker_file).write_text("ran", "utf-8")
