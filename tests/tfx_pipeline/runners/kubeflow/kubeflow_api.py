"""A small HTTP server that stands in for the API of Kubeflow Pipelines."""

from __future__ import annotations

import contextlib
import email
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BASE = "/apis/v2beta1"


@dataclass
class KubeflowApi:
    """What was uploaded and started, and how the next runs go.

    Attributes:
        url: Of the server.
        pipelines: Display name to the versions, each its display name and bytes.
        experiments: Display names.
        runs: Bodies of the requests that started one.
        states: States of a run, one for each time that it is asked for.
        refusal: Status and message for every request but that for health.
        authorization: The header of the last request.
    """

    url: str = ""
    pipelines: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    experiments: list[str] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    refusal: tuple[int, str] | None = None
    authorization: str | None = None

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """Returns the JSON of an answer, or a status with a message."""
        if path == "/healthz":
            return {"multi_user": False}
        if self.refusal:
            return self.refusal
        route = (method, re.sub(r"/id-[^/]+", "/{id}", path))
        routes: dict[tuple[str, str], Callable[[], Any]] = {
            ("GET", "/pipelines"): lambda: self._named_pipelines(query),
            ("POST", "/pipelines/upload"): lambda: self._upload(query, body),
            ("POST", "/pipelines/upload_version"): lambda: self._add(query, body),
            ("GET", "/pipelines/{id}/versions"): lambda: self._versions(path),
            ("GET", "/experiments"): self._experiments,
            ("POST", "/experiments"): lambda: self._make_experiment(body),
            ("POST", "/runs"): lambda: self._start(body),
            ("GET", "/runs/{id}"): lambda: self._run(path),
        }
        return routes.get(route, lambda: (404, f"no route {route}"))()

    def _named_pipelines(self, query: dict[str, str]) -> Any:
        asked = json.loads(query["filter"])["predicates"][0]["stringValue"]
        named = [name for name in self.pipelines if name == asked]
        return {"pipelines": [_entry("pipeline", name) for name in named]}

    def _upload(self, query: dict[str, str], body: bytes) -> Any:
        self.pipelines[query["name"]] = [(query["name"], body)]
        return _entry("pipeline", query["name"])

    def _add(self, query: dict[str, str], body: bytes) -> Any:
        versions = self.pipelines[query["pipelineid"].removeprefix("id-")]
        if query["name"] in dict(versions):
            return 409, "the version exists"
        versions.append((query["name"], body))
        return _entry("pipeline_version", query["name"])

    def _versions(self, path: str) -> Any:
        versions = self.pipelines[path.split("/")[2].removeprefix("id-")]
        entries = [_entry("pipeline_version", name) for name, _ in versions]
        return {"pipeline_versions": entries}

    def _experiments(self) -> Any:
        return {"experiments": [_entry("experiment", e) for e in self.experiments]}

    def _make_experiment(self, body: bytes) -> Any:
        self.experiments.append(json.loads(body)["display_name"])
        return _entry("experiment", self.experiments[-1])

    def _start(self, body: bytes) -> Any:
        self.runs.append(json.loads(body))
        return {"run_id": f"id-{len(self.runs)}", "state": "PENDING"}

    def _run(self, path: str) -> Any:
        return {"run_id": path.split("/")[2], "state": self.states.pop(0)}


def _entry(kind: str, name: str) -> dict[str, str]:
    return {f"{kind}_id": f"id-{name}", "display_name": name}


@contextlib.contextmanager
def kubeflow_api() -> Iterator[KubeflowApi]:
    """Serves on 127.0.0.1 until the block ends."""
    api = KubeflowApi()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(api: KubeflowApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            kind = self.headers.get("Content-Type", "")
            if kind.startswith("multipart/"):
                body = _uploaded(kind, body)
            api.authorization = self.headers.get("Authorization")
            answer = api.answer(self.command, url.path.removeprefix(BASE), query, body)
            status = 200
            if isinstance(answer, tuple):
                status, answer = answer[0], {"error": answer[1]}
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler


def _uploaded(content_type: str, body: bytes) -> bytes:
    """Returns the bytes of the one file in a form."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    (part,) = email.message_from_bytes(head + body).get_payload()
    assert part.get_param("name", header="content-disposition") == "uploadfile"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
