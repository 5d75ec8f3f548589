"""The server against threads in one process on the same Session: photos/s.

    python benchmarks/serving.py [--model DIR] [--seconds S] [--repeat R]

Asks `python -m serving.server` over gRPC and REST from 1, 2 and 4 clients that each
wait for their answer (threads of one client process), and runs the same photos from as
many threads on a Session of this process: the floor. Rounds are interleaved, the order
turns every round, medians and ratios are printed. Without --model two models are
exported: the demo's U-Net at 256 x 256, and the tests' drawn one that takes about 2 ms
per photo. Also says how large the answer to a photo of 12 megapixels is.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import http.client
import io
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
CLIENTS = (1, 2, 4)
WAYS = ("threads", "grpc", "rest")
NAME = "model"
START_S = 120
WARM_UP_S = 0.3
MAX_ANSWER_BYTES = 300_000

Ask = Callable[[bytes], int]


def draw_photo(height_px: int, width_px: int) -> bytes:
    """Returns a JPEG that compresses like a photo: smooth shapes, a little noise."""
    rng = np.random.default_rng(height_px)
    small = rng.integers(0, 256, (height_px // 16 + 1, width_px // 16 + 1, 3), np.uint8)
    photo = Image.fromarray(small).resize((width_px, height_px))
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def count_answers(
    make_ask: Callable[[], Ask], photo: bytes, clients: int, seconds: float
) -> float:
    """Returns answers per second of closed-loop clients, one thread each."""
    counts = [0] * clients
    ready = threading.Barrier(clients + 1)
    begin, end = [0.0], [0.0]

    def loop(index: int) -> None:
        ask = make_ask()
        deadline = time.perf_counter() + WARM_UP_S
        while time.perf_counter() < deadline:
            ask(photo)
        ready.wait()
        while time.perf_counter() < end[0]:
            ask(photo)
            counts[index] += 1

    threads = [threading.Thread(target=loop, args=(index,)) for index in range(clients)]
    for thread in threads:
        thread.start()
    end[0] = float("inf")
    ready.wait()
    begin[0] = time.perf_counter()
    end[0] = begin[0] + seconds
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin[0])


# ---- the three ways ---------------------------------------------------------------


def ask_session(model: Path) -> Callable[[], Ask]:
    """Asks a Session of this process."""
    from serving.server.models.session_runner import SessionRunner

    runner = SessionRunner(str(model))
    outputs = set(runner.signatures["serving_default"].outputs)

    def ask(photo: bytes) -> int:
        batch = np.array([photo], object)
        answer = runner.run("serving_default", {"image_bytes": batch}, outputs)
        return len(answer["mask_png_bytes"][0])

    return lambda: ask


def ask_grpc(port: int) -> Callable[[], Ask]:
    """Asks over gRPC, each client on a connection of its own."""
    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

    def make() -> Ask:
        # Else gRPC would put all channels of a process on one connection.
        options = [("grpc.use_local_subchannel_pool", 1)]
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options)
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)

        def ask(photo: bytes) -> int:
            request = predict_pb2.PredictRequest()
            request.model_spec.name = NAME
            tensor = request.inputs["image_bytes"]
            tensor.dtype = tf.string.as_datatype_enum
            tensor.tensor_shape.dim.add().size = 1
            tensor.string_val.append(photo)
            return stub.Predict(request, timeout=60).ByteSize()

        return ask

    return make


def ask_rest(port: int) -> Callable[[], Ask]:
    """Asks over REST on a connection that is kept."""

    def make() -> Ask:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def ask(photo: bytes) -> int:
            text = base64.b64encode(photo).decode()
            body = f'{{"instances": [{{"b64": "{text}"}}]}}'
            connection.request("POST", f"/v1/models/{NAME}:predict", body)
            response = connection.getresponse()
            content = response.read()
            if response.status != 200:
                raise SystemExit(f"the server answered {content[:500]!r}")
            return len(content)

        return ask

    return make


# ---- processes --------------------------------------------------------------------


class Worker:
    """A process that measures one way whenever it is told to."""

    def __init__(self, way: str, target: str, photo: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--worker", way, target, str(photo)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=quiet_environment(),
        )
        self._read()

    def measure(self, clients: int, seconds: float) -> float:
        """Returns answers per second."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{clients} {seconds}\n")
        self._process.stdin.flush()
        return self._read()

    def stop(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def _read(self) -> float:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a measuring process failed; its error stands above")
        return float(line)


def work(way: str, target: str, photo_path: str) -> None:
    """The worker's side: reads clients and seconds, prints answers per second."""
    photo = Path(photo_path).read_bytes()
    make_ask = {"threads": ask_session, "grpc": ask_grpc, "rest": ask_rest}[way](
        Path(target) if way == "threads" else int(target)  # type: ignore[arg-type]
    )
    make_ask()(photo)
    print(0, flush=True)
    for line in sys.stdin:
        clients, seconds = line.split()
        rate = count_answers(make_ask, photo, int(clients), float(seconds))
        print(rate, flush=True)


def quiet_environment() -> dict[str, str]:
    """Returns this environment without TensorFlow's greetings."""
    return os.environ | {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }


@contextlib.contextmanager
def running_server(base_path: Path) -> Iterator[tuple[int, int]]:
    """Starts the server; yields its ports when they are open."""
    with socket.socket() as first, socket.socket() as second:
        for probe in (first, second):
            probe.bind(("127.0.0.1", 0))
        ports = first.getsockname()[1], second.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "serving.server", f"--port={ports[0]}"),
            *(f"--rest_api_port={ports[1]}", f"--model_name={NAME}"),
            f"--model_base_path={base_path}",
        ],
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=quiet_environment(),
    )
    try:
        wait_until_open(ports[1], process)
        yield ports
    finally:
        process.terminate()
        process.wait(30)


def wait_until_open(port: int, process: subprocess.Popen[Any]) -> None:
    """Returns when the port can be connected to."""
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start; run it by hand to see why")


# ---- models and report ------------------------------------------------------------


def export_models(folder: Path) -> dict[str, Path]:
    """Exports the demo's network and the drawn one."""
    from functools import partial

    from tests.serving.drawn_model import TAXONOMY
    from tests.serving.exported import export_drawn_model
    from tfx_pipeline.config.model import ModelConfig
    from tfx_pipeline.config.prepare import PrepareConfig
    from tfx_pipeline.data.prepare import prepare_photo
    from tfx_pipeline.modeling.registry import build_model

    config = PrepareConfig(height_px=256, width_px=256)
    network = build_model(
        ModelConfig(name="unet"),
        num_classes=len(TAXONOMY["classes"]),
        height_px=256,
        width_px=256,
    )
    models = {"demo's U-Net": folder / "unet", "2 ms model": folder / "drawn"}
    export_drawn_model(
        models["demo's U-Net"],
        model=network,
        prepare=partial(prepare_photo, config=config),
    )
    export_drawn_model(models["2 ms model"])
    return models


def measure(
    model: Path, photo: bytes, seconds: float, repeat: int, work_dir: Path
) -> tuple[dict[tuple[str, int], list[float]], dict[str, int]]:
    """Returns rates per way and clients, and the bytes of a 12 MP photo's answer."""
    base_path, photo_path = work_dir / "models", work_dir / "photo.jpg"
    base_path.mkdir(parents=True)
    (base_path / "1").symlink_to(model.resolve())
    photo_path.write_bytes(photo)
    rates: dict[tuple[str, int], list[float]] = {}
    with running_server(base_path) as (port, rest_port):
        targets = {"threads": str(model), "grpc": str(port), "rest": str(rest_port)}
        workers = {way: Worker(way, targets[way], photo_path) for way in WAYS}
        for round_number in range(repeat):
            for clients in CLIENTS:
                for way in WAYS if round_number % 2 == 0 else WAYS[::-1]:
                    rate = workers[way].measure(clients, seconds)
                    rates.setdefault((way, clients), []).append(rate)
        for worker in workers.values():
            worker.stop()
        large = draw_photo(3000, 4000)
        sizes = {
            "grpc": ask_grpc(port)()(large),
            "rest": ask_rest(rest_port)()(large),
        }
    return rates, sizes


def report(
    title: str, rates: dict[tuple[str, int], list[float]], sizes: dict[str, int]
) -> dict[str, Any]:
    """Prints a table; returns the same as JSON."""
    medians = {key: statistics.median(values) for key, values in rates.items()}
    print(f"\n{title}: photos/s, and the share of what threads in one process reach")
    print(f"{'clients':<10}{'threads':>10}{'gRPC':>10}{'':>7}{'REST':>10}")
    for clients in CLIENTS:
        floor, rpc, rest = (medians[way, clients] for way in WAYS)
        print(
            f"{clients:<10}{floor:>10.1f}{rpc:>10.1f}{rpc / floor:>7.2f}"
            f"{rest:>10.1f}{rest / floor:>7.2f}"
        )
    for way, size in sizes.items():
        words = "below" if size < MAX_ANSWER_BYTES else "NOT below"
        print(f"answer to 12 MP over {way}: {size} bytes, {words} {MAX_ANSWER_BYTES}")
    return {
        "model": title,
        "photos_per_s": {f"{way} {n}": rate for (way, n), rate in medians.items()},
        "answer_bytes": sizes,
    }


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="SavedModel instead of the demo's")
    parser.add_argument("--photo", type=Path, help="JPEG instead of a drawn 1280x720")
    parser.add_argument("--seconds", type=float, default=4, help="(%(default)s)")
    parser.add_argument("--repeat", type=int, default=5, help="rounds (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON line too")
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    sys.path[0] = str(ROOT)  # was this file's folder, where `serving` is this file
    if args.worker:
        work(*args.worker)
        return
    os.environ.update(quiet_environment())
    warnings.simplefilter("ignore")
    photos = {
        "demo's U-Net": args.photo.read_bytes() if args.photo else draw_photo(360, 640),
        "2 ms model": draw_photo(40, 56),
    }
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores;", end=" ")
    print(f"{args.seconds:g} s a measurement, median of {args.repeat}")
    with tempfile.TemporaryDirectory() as work_dir:
        models = export_models(Path(work_dir))
        if args.model:
            models["demo's U-Net"] = args.model
        results = [
            report(
                title,
                *measure(
                    model,
                    photos[title],
                    args.seconds,
                    args.repeat,
                    Path(work_dir, f"work-{index}"),
                ),
            )
            for index, (title, model) in enumerate(models.items())
        ]
    if args.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
