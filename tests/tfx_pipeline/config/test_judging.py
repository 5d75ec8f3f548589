"""What is packaged, and for which servers."""

from __future__ import annotations

import pytest
import tensorflow as tf

from tfx_pipeline.config.judging import PackageConfig


def test_the_servers_are_taken_to_have_the_tensorflow_that_trains() -> None:
    assert tf.__version__.startswith(f"{PackageConfig().target_version}.")


def test_other_servers_are_named_by_their_version() -> None:
    assert PackageConfig(target_version="2.20.1").target_version == "2.20.1"
    with pytest.raises(ValueError, match=r"package\.target_version must be a version"):
        PackageConfig(target_version="newest")
