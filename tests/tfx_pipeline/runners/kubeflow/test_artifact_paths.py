"""Where the launcher keeps an artifact, and the way back."""

from __future__ import annotations

import pytest

from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.artifact_paths import KeptArtifacts, local_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("s3://cars/runs/1/model", "/s3/cars/runs/1/model"),
        ("gs://cars/runs/1/model", "/gcs/cars/runs/1/model"),
        ("minio://mlpipeline/v2/a b", "/minio/mlpipeline/v2/a b"),
        ("file:///srv/cars/model", "/srv/cars/model"),
        ("/srv/cars/model", "/srv/cars/model"),
    ],
)
def test_an_artifact_is_where_the_launcher_keeps_it(uri: str, path: str) -> None:
    assert local_path(uri) == path


def test_another_root_holds_the_launchers_folders_and_moves_no_local_path() -> None:
    assert local_path("s3://cars/model", "/mnt/pod") == "/mnt/pod/s3/cars/model"
    assert local_path("file:///srv/model", "/mnt/pod") == "/srv/model"


def test_a_place_that_no_launcher_fetches_from_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        local_path("hdfs://cars/model")

    assert str(raised.value) == (
        "the URI of an artifact must be a path or begin with one of s3://, gs://, "
        "minio://, file://, got 'hdfs://cars/model'; compile the pipeline with such a "
        "--pipeline-root"
    )


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("/s3/cars/model", "s3://cars/model"),
        ("/s3/cars/model/weights", "s3://cars/model/weights"),
        ("/s3/cars/model_2", "/s3/cars/model_2"),
        ("see /s3/cars/model", "see /s3/cars/model"),
    ],
    ids=["artifact", "inside", "neighbour", "sentence"],
)
def test_a_path_becomes_the_uri_again(text: str, restored: str) -> None:
    kept = KeptArtifacts(uris={"/s3/cars/model": "s3://cars/model"})

    assert kept.restored(text) == restored
