"""Image, root, names and folders: what a cluster could not take is refused here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.mounts import check_folders, unmounted_folders
from tfx_pipeline.runners.kubeflow.target import Target, check_pipeline_name

DIGEST = "@sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "image",
    ["carseg", "carseg:1.0", "r.example:5000/a/carseg:v1", f"r.example/carseg{DIGEST}"],
)
@pytest.mark.parametrize(
    "root", ["s3://bucket", "gs://bucket/a/b", "minio://mlpipeline/v2", "file:///tmp/x"]
)
def test_what_a_cluster_takes_is_taken(image: str, root: str) -> None:
    assert Target(image=image, pipeline_root=root).image == image


@pytest.mark.parametrize(
    "image", ["", "Carseg", "a b", "carseg:", "a//b", "https://r/a", "a@sha256:12"]
)
def test_what_is_no_image_is_refused(image: str) -> None:
    with pytest.raises(UsageError, match="--image must be a container image such as"):
        Target(image=image, pipeline_root="s3://bucket")


@pytest.mark.parametrize(
    "root",
    ["", "bucket", "/tmp/x", "s3://", "hdfs://a/b", "s3://b?region=x", "file://a"],
)
def test_what_is_no_root_is_refused(root: str) -> None:
    with pytest.raises(UsageError, match="--pipeline-root must be s3://, gs:// or"):
        Target(image="carseg", pipeline_root=root)


def test_a_folder_that_describes_must_be_here() -> None:
    with pytest.raises(UsageError, match="--described-by must be an existing folder"):
        Target(image="a", pipeline_root="s3://bucket", described_by="nowhere")


@pytest.mark.parametrize(
    "root",
    [
        *("s3://M_/c", "s3://ab", "s3://-cars/x", "s3://cars.", "s3://user@cars"),
        *(f"gs://{'a' * 64}/c", "gs://Cars", "gs://_cars", "minio://ml_pipeline"),
    ],
)
def test_what_no_bucket_is_called_is_refused(root: str) -> None:
    with pytest.raises(UsageError) as caught:
        Target(image="carseg", pipeline_root=root)

    bucket = root.split("/")[2]
    assert str(caught.value).startswith("the bucket of --pipeline-root must have 3 to")
    assert str(caught.value).endswith(f"letter or digit first and last, got {bucket!r}")


@pytest.mark.parametrize("root", ["s3://my.cars-1", "gs://my_cars/a", "s3://a1b"])
def test_every_name_that_a_bucket_may_have_is_taken(root: str) -> None:
    assert Target(image="carseg", pipeline_root=root).pipeline_root == root


def test_a_folder_to_try_things_out_is_no_bucket() -> None:
    Target(image="carseg", pipeline_root="file:///M_/c")


@pytest.mark.parametrize("name", ["Carseg", "a_b", "-a", "a-", "", "a.b", "a" * 129])
def test_a_pipelines_name_that_kubeflow_refuses_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"run\.name must be lower-case letters"):
        check_pipeline_name(name)
    check_pipeline_name("carseg-2")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"data": {"manual_dir": "cars"}}, "data.manual_dir must be an absolute path"),
        ({"data": {"manual_dir": "gs://b/c"}}, "must be an absolute path .* 'gs://b/c"),
        ({"push": {"directory": "served"}}, "push.directory must be an absolute path"),
        ({"push": {"directory": "s3://b"}}, "containers or gs://, got 's3://b'"),
        ({"training": {"base_model": "/m"}}, "training.base_model must be a URI"),
    ],
)
def test_a_path_that_no_container_has_is_refused(
    values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        check_folders(PipelineConfig.from_dict(values))


def test_folders_that_are_lost_with_a_container_are_named() -> None:
    values: dict[str, Any] = {
        "data": {"manual_dir": "/data/cars"},
        "push": {"directory": "/mnt/served"},
        "candidates": {"further": {"deeplab": {}}},
        "kubeflow": {
            "resume_directory": "/mnt/resume",
            "nodes": {
                "*": {"volumes": {"/data": "photos"}},
                "Trainer": {"volumes": {"/mnt/resume": "backups"}},
                "ModelPusher": {"volumes": {"/mnt": "models"}},
                "LiveModel": {"volumes": {"/mnt/ser": "other"}},
            },
        },
    }

    (sentence,) = unmounted_folders(PipelineConfig.from_dict(values))

    assert sentence == (
        "push.directory is /mnt/served, which is lost with the container of"
        " SourceFingerprint, LiveModel, LiveModel_deeplab; mount a claim there with"
        " kubeflow.nodes.<node>.volumes"
    )
    values["push"]["directory"] = "gs://bucket/served"
    assert unmounted_folders(PipelineConfig.from_dict(values)) == []
    values["kubeflow"]["nodes"] = {}
    values["run"] = {"until": "train"}
    data, resume = unmounted_folders(PipelineConfig.from_dict(values))
    assert data.startswith("data.manual_dir is /data/cars, which")
    assert "of Trainer, Trainer_deeplab;" in resume


def test_the_example_of_the_docs_mounts_all_that_it_names() -> None:
    docs = Path(__file__).parents[4] / "docs" / "kubeflow.md"
    example = docs.read_text("utf-8").split("```yaml\n")[1].split("```")[0]

    config = PipelineConfig.from_dict(yaml.safe_load(example))

    assert config.kubeflow.options("Trainer").volumes == {
        "/data": "car-photos",
        "/mnt/served": "carseg-models",
        "/mnt/resume": "training-backups",
    }
    check_folders(config)
    assert unmounted_folders(config) == []
