"""PyTriton with a SavedModel; run by the interpreter of its own environment.

    python benchmarks/serving_pytriton_server.py --model DIR --http-port N --grpc-port N

The whole signature runs, for the same work as in the other servers; the mask alone is
answered. See `serving_peers.py` for the settings.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy.typing as npt
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig
from serving_peer_model import INPUT, OUTPUT, load


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--grpc-port", type=int, required=True)
    parser.add_argument("--workspace", type=Path, required=True, help="for its files")
    parser.add_argument("--instances", type=int, default=1, help="callables")
    parser.add_argument("--batch-size", type=int, default=1, help="largest; 1 is off")
    return parser.parse_args()


def main() -> None:
    """Serves until it is ended."""
    args = parse_arguments()
    run = load(args.model)

    @batch
    def infer(**inputs: npt.NDArray[Any]) -> dict[str, Any]:
        photos = inputs[INPUT].astype(object).reshape(-1)
        return {OUTPUT: run(photos)[OUTPUT].reshape(-1, 1)}

    config = TritonConfig(
        http_port=args.http_port, grpc_port=args.grpc_port, allow_metrics=False
    )
    with Triton(config=config, workspace=args.workspace) as triton:
        triton.bind(
            model_name="model",
            infer_func=[infer] * args.instances,
            inputs=[Tensor(name=INPUT, dtype=object, shape=(1,))],
            outputs=[Tensor(name=OUTPUT, dtype=object, shape=(1,))],
            config=ModelConfig(
                max_batch_size=args.batch_size, batcher=DynamicBatcher()
            ),
        )
        triton.serve()


if __name__ == "__main__":
    main()
