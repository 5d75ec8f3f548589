"""Kubeflow's client, whose troubles are one line each."""

from __future__ import annotations

import contextlib
import http.client
import json
import sys
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from typing import Any

from tfx_pipeline.config.usage_error import UsageError

_CONNECT_TIMEOUT_S = 15
_HEALTH = "/apis/v2beta1/healthz"


class KubeflowError(OSError):
    """Kubeflow cannot be reached, or refuses what it is asked for."""


def connect(
    host: str, *, namespace: str | None = None, token: str | None = None
) -> Any:
    """Returns Kubeflow's client.

    Asks for the API's health first: the client tries for half a minute, with a
    traceback for each time, before it says that nobody is there.

    Args:
        host: URL with http or https.
        namespace: Of the profile where Kubeflow has several users.
        token: Bearer token for the API.

    Raises:
        KubeflowError: Nobody is there, or it is not Kubeflow.
        UsageError: kfp is not installed.
    """
    request = urllib.request.Request(host.rstrip("/") + _HEALTH)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=_CONNECT_TIMEOUT_S) as answer:
            json.load(answer)
    except urllib.error.HTTPError as err:
        raise KubeflowError(
            f"{host} refuses: {err.code} {err.reason}; check --host and --token-file"
        ) from err
    except ValueError as err:
        raise KubeflowError(
            f"{host} does not answer as the API of Kubeflow Pipelines does;"
            " check --host"
        ) from err
    except (OSError, http.client.HTTPException) as err:
        reason = getattr(err, "reason", err)
        raise KubeflowError(f"{host} cannot be reached: {reason}") from err
    try:
        # Imported here: carseg works without it but for this.
        import kfp.client
    except ImportError as err:
        raise UsageError(
            f"carseg submit-run needs the package kfp, which fails to load: {err}"
        ) from err
    with as_kubeflow_errors(host):
        return kfp.client.Client(
            host=host,
            namespace=namespace or "kubeflow",
            existing_token=token,
        )


@contextlib.contextmanager
def as_kubeflow_errors(host: str) -> Iterator[None]:
    """Turns the client's errors into one line, and its prints to stderr."""
    import kfp_server_api
    import urllib3.exceptions

    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except kfp_server_api.ApiException as err:
            raise KubeflowError(
                f"{host} refuses: {err.status} {err.reason}: {_message(err.body)}"
            ) from err
        except urllib3.exceptions.HTTPError as err:
            raise KubeflowError(f"{host} cannot be reached: {err}") from err


def _message(body: str | bytes | None) -> str:
    """Returns what the API says in its answer, which may be very long."""
    text = body.decode(errors="replace") if isinstance(body, bytes) else body or ""
    with contextlib.suppress(ValueError, AttributeError):
        answer = json.loads(text)
        text = str(answer.get("error") or answer.get("message") or text)
    return text[:500]
