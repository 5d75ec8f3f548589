"""What the report says a model was made of."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from tfx_pipeline.config.pipeline_config import PipelineConfig

_PACKAGES = ("carseg", "tensorflow", "keras", "tfx", "tensorflow-datasets")


def describe_lineage(
    config: PipelineConfig,
    *,
    builder: str,
    content_fingerprint: str | None,
    code_fingerprints: Mapping[str, str],
) -> dict[str, Any]:
    """Returns JSON values by name.

    Not among them is where the run lies: another folder makes no other model. Without a
    content fingerprint the node that reports adds what the run saw.
    """
    plain = config.to_dict()
    plain.pop("run")
    return {
        "builder": builder,
        "versions": {
            "Python": platform.python_version(),
            **{name: metadata.version(name) for name in _PACKAGES},
        },
        **({"content_fingerprint": content_fingerprint} if content_fingerprint else {}),
        "code_fingerprints": dict(code_fingerprints),
        "config": plain,
    }
