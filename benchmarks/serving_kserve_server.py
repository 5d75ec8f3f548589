"""KServe's Python server with a SavedModel; run by its own environment's interpreter.

    python benchmarks/serving_kserve_server.py --model DIR --http_port N --grpc_port N

All of KServe's own flags hold. The whole signature runs, for the same work as in the
other servers; the mask alone is answered. See `serving_peers.py` for the settings.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer
from kserve.model_server import parser as kserve_parser
from serving_peer_model import OUTPUT, load


class SavedModel(Model):
    """Answers `{"predictions": [{"b64": …}]}` in V1, and bytes in V2 over gRPC."""

    def __init__(self, path: Path, in_threads: bool) -> None:
        super().__init__("model")
        self._path = path
        self._in_threads = in_threads
        self._run: Any = None
        self.ready = True

    async def predict(
        self, payload: dict[str, Any] | InferRequest, headers: Any = None
    ) -> dict[str, Any] | InferResponse:
        """Runs the photos of one request."""
        if isinstance(payload, InferRequest):
            raw = payload.inputs[0].as_numpy()
            masks = await self._ask(np.array(raw, object).reshape(-1))
            output = InferOutput(OUTPUT, [len(masks)], "BYTES")
            output.set_data_from_numpy(masks, binary_data=True)
            return InferResponse(payload.id, self.name, [output])
        photos = [base64.b64decode(photo["b64"]) for photo in payload["instances"]]
        masks = await self._ask(np.array(photos, object))
        return {"predictions": [{"b64": base64.b64encode(m).decode()} for m in masks]}

    async def _ask(self, photos: npt.NDArray[Any]) -> npt.NDArray[Any]:
        # Not in `load`: workers are forked, and a Session does not survive that.
        self._run = self._run or load(self._path)
        if not self._in_threads:
            return np.asarray(self._run(photos)[OUTPUT])
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(None, self._run, photos)
        return np.asarray(answer[OUTPUT])


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], parents=[kserve_parser]
    )
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--in-loop", action="store_true", help="run in the event loop")
    args = parser.parse_args()
    ModelServer().start([SavedModel(args.model, not args.in_loop)])


if __name__ == "__main__":
    main()
