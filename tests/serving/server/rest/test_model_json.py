from __future__ import annotations

import pytest

from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.calling import error, get


def test_status_and_metadata_are_laid_out_as_protobuf_prints_them(
    api: RestApi,
) -> None:
    entry = (
        '  {{\n   "version": "{}",\n   "state": "AVAILABLE",\n   "status": {{\n'
        '    "error_code": "OK",\n    "error_message": ""\n   }}\n  }}'
    )
    both = entry.format(5) + ",\n" + entry.format(3)
    for path, entries in (
        ("/v1/models/m", both),
        ("/V1/Models/m?x=1", both),
        ("/v1/models/m/versions/3", entry.format(3)),
    ):
        body = api.answer("GET", path, {}, b"").body.decode()
        assert body == f'{{\n "model_version_status": [\n{entries}\n ]\n}}\n'
    status, metadata = get(api, "/v1/models/m/versions/3/metadata")
    assert status == 200
    assert metadata["model_spec"] == {
        "name": "m",
        "signature_name": "",
        "version": "3",
    }
    signatures = metadata["metadata"]["signature_def"]["signature_def"]
    assert signatures["two"]["inputs"]["b"]["dtype"] == "DT_INT32"
    assert signatures["two"]["method_name"] == "tensorflow/serving/predict"
    assert get(api, "/v1/models/m/METADATA")[1]["model_spec"]["version"] == "5"


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/v1/models/x", 404, "Could not find any versions of model x"),
        ("/v1/models/m/versions/9", 404, "Could not find version 9 of model m"),
        ("/v1/models/x/metadata", 404, "Servable not found for request: Latest(x)"),
        (
            "/v1/models/m/versions/9/metadata",
            404,
            "Servable not found for request: Specific(m, 9)",
        ),
        (
            "/v1/models/m/labels/a%20b%2Fc/metadata",
            400,
            "Unrecognized servable version label: a b/c",
        ),
    ],
)
def test_what_is_not_there_is_named(
    api: RestApi, path: str, status: int, message: str
) -> None:
    assert get(api, path) == (status, error(message))
