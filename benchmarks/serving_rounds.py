"""A model's servers side by side: every way takes its turn in every round."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving_load import Load, median_load
from benchmarks.serving_models import draw_photo
from benchmarks.serving_peers import running_peer
from benchmarks.serving_processes import running_server
from benchmarks.serving_report import LIMIT
from benchmarks.serving_ways import WAYS, holds_mask
from benchmarks.serving_worker import CannotMeasureError, Worker

LARGE_PX = (3000, 4000)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long, how often and beside whom is measured."""

    seconds: float
    clients: tuple[int, ...]
    repeat: int
    peers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Medians by way and clients, and the bytes of a 12 MP photo's answer."""

    loads: dict[tuple[str, int], Load]
    answer_bytes: dict[str, int]


def measure(
    title: str, model: Path, photo: bytes, plan: Plan, folder: Path
) -> Measured:
    """Measures a model on all servers.

    Args:
        title: Its name in `serving_models`.
        model: The SavedModel.
        photo: What is sent.
        plan: How long and how often.
        folder: Empty, for files that the servers need.
    """
    photo_file = folder / "photo.jpg"
    photo_file.write_bytes(photo)
    with contextlib.ExitStack() as stack:
        targets = stack.enter_context(running_server(model, folder))
        workers = start_workers(stack, {LIMIT: str(model)} | targets, photo_file)
        for peer in plan.peers:
            try:
                of_peer = stack.enter_context(running_peer(peer, title, model, folder))
                workers |= start_workers(stack, of_peer, photo_file)
            except CannotMeasureError as err:
                print(f"{peer} is left out: {err}")
        print_wrong_answers(workers)
        large = draw_photo(*LARGE_PX)
        sizes = {way: len(WAYS[way](targets[way], large)()()) for way in targets}
        return Measured(loads=take_turns(workers, plan), answer_bytes=sizes)


def start_workers(
    stack: contextlib.ExitStack, targets: dict[str, str], photo: Path
) -> dict[str, Worker]:
    """Returns the clients of each way, who have asked once and end with the stack."""
    workers = {way: Worker(way, target, photo) for way, target in targets.items()}
    for worker in workers.values():
        stack.callback(worker.stop)
    for worker in workers.values():
        worker.wait_until_ready()
    return workers


def print_wrong_answers(workers: dict[str, Worker]) -> None:
    """Says who answers another mask than the Session of one process."""
    for way, worker in workers.items():
        if not holds_mask(worker.answer, workers[LIMIT].answer):
            print(f"{way} answers another mask than {LIMIT} do")


def take_turns(workers: dict[str, Worker], plan: Plan) -> dict[tuple[str, int], Load]:
    """Returns the medians of the rounds."""
    rounds: dict[tuple[str, int], list[Load]] = {
        (way, clients): [] for clients in plan.clients for way in workers
    }
    for number in range(plan.repeat):
        for clients in plan.clients:
            for way in list(workers)[:: 1 if number % 2 == 0 else -1]:
                load = workers[way].measure(clients, plan.seconds)
                rounds[way, clients].append(load)
    return {key: median_load(loads) for key, loads in rounds.items()}
