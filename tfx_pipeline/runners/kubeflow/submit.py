"""Uploads a compiled pipeline to Kubeflow Pipelines and starts a run of it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.api_client import (
    KubeflowError,
    as_kubeflow_errors,
    connect,
)
from tfx_pipeline.runners.kubeflow.package import Package, read_package
from tfx_pipeline.runners.kubeflow.parameters import parameter_values

_SUCCEEDED = "SUCCEEDED"
_ENDED = (_SUCCEEDED, "SKIPPED", "FAILED", "CANCELED", "ERROR")
_CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What is started, and where.

    Attributes:
        host: URL of Kubeflow Pipelines, with http or https.
        package: File that `carseg compile` has written.
        run_name: Shown by Kubeflow.
        experiment: Made if there is none of that name.
        namespace: Of the profile where Kubeflow has several users.
        token: Bearer token for the API.
        parameters: Runtime parameter to its value as text.
    """

    host: str
    package: Path
    run_name: str
    experiment: str = "carseg"
    namespace: str | None = None
    token: str | None = None
    parameters: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.host.startswith(("http://", "https://")):
            raise UsageError(
                f"--host must begin with http:// or https://, got {self.host!r}"
            )


@dataclass(frozen=True, kw_only=True)
class StartedRun:
    """A run that Kubeflow has accepted.

    Attributes:
        run_id: Kubeflow's id.
        url: Its page.
        state: Kubeflow's word, such as `PENDING` or `SUCCEEDED`.
    """

    run_id: str
    url: str
    state: str

    @property
    def succeeded(self) -> bool:
        """Whether the run has ended without a failure."""
        return self.state == _SUCCEEDED


def submit(submission: Submission) -> StartedRun:
    """Uploads the package as a new version of its pipeline and starts a run.

    Raises:
        UsageError: The file or a parameter is wrong.
        KubeflowError: Nobody answers, or refuses.
    """
    package = read_package(submission.package)
    parameters = parameter_values(package, submission.parameters)
    client = _connect(submission)
    with as_kubeflow_errors(submission.host):
        pipeline_id, version_id = _upload(client, submission, package)
        experiment = client.create_experiment(
            submission.experiment, namespace=submission.namespace
        )
        run = client.run_pipeline(
            experiment.experiment_id,
            submission.run_name,
            pipeline_id=pipeline_id,
            version_id=version_id,
            params=parameters,
            # The API does not look for it in the spec.
            pipeline_root=package.pipeline_root or None,
        )
    return _started(submission.host, run)


def wait_for(
    submission: Submission,
    run: StartedRun,
    *,
    poll_s: float,
    on_state: Callable[[str], None],
) -> StartedRun:
    """Returns the run when it has ended.

    `kfp.Client.wait_for_run_completion` never notices that a run was cancelled.

    Args:
        submission: What was submitted.
        run: What came of it.
        poll_s: Seconds between two questions.
        on_state: Called with each new state.
    """
    client = _connect(submission)
    while run.state not in _ENDED:
        time.sleep(poll_s)
        with as_kubeflow_errors(submission.host):
            answer = client.get_run(run.run_id)
        asked = _started(submission.host, answer)
        if asked.state != run.state:
            on_state(asked.state)
        run = asked
    return run


def _connect(submission: Submission) -> Any:
    return connect(
        submission.host, namespace=submission.namespace, token=submission.token
    )


def _upload(client: Any, submission: Submission, package: Package) -> tuple[str, str]:
    """Returns the ids of the pipeline and of the version with these very bytes."""
    path = str(submission.package)
    version_name = f"{package.name}-{_digest(submission.package)}"
    pipeline_id = _pipeline_id(client, package.name, submission.namespace)
    if pipeline_id is None:
        pipeline_id = client.upload_pipeline(
            path, pipeline_name=package.name, namespace=submission.namespace
        ).pipeline_id
        # Uploading has made a version that is called as the pipeline.
        return pipeline_id, _version_id(client, pipeline_id, package.name)
    import kfp_server_api

    try:
        version = client.upload_pipeline_version(
            path, version_name, pipeline_id=pipeline_id
        )
    except kfp_server_api.ApiException as err:
        if err.status != _CONFLICT:
            raise
        return pipeline_id, _version_id(client, pipeline_id, version_name)
    return pipeline_id, version.pipeline_version_id


def _pipeline_id(client: Any, name: str, namespace: str | None) -> str | None:
    """Returns the id of the pipeline of that name, of which there is one at most.

    The client's own `get_pipeline_id` does not look into a namespace.
    """
    named = {"operation": "EQUALS", "key": "display_name", "stringValue": name}
    page = client.list_pipelines(
        namespace=namespace, filter=json.dumps({"predicates": [named]})
    )
    return str(page.pipelines[0].pipeline_id) if page.pipelines else None


def _version_id(client: Any, pipeline_id: str, name: str) -> str:
    token = ""
    while True:
        page = client.list_pipeline_versions(
            pipeline_id, page_token=token, page_size=100
        )
        for version in page.pipeline_versions or []:
            if version.display_name == name:
                return str(version.pipeline_version_id)
        token = page.next_page_token
        if not token:
            raise KubeflowError(f"Kubeflow has no version {name} of what was uploaded")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _started(host: str, run: Any) -> StartedRun:
    return StartedRun(
        run_id=run.run_id,
        url=f"{host.rstrip('/')}/#/runs/details/{run.run_id}",
        state=run.state or "PENDING",
    )
