"""Threads that answer REST requests, how many may wait for them and for how long."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable

from serving.server.errors import Code, DeadlineExceededError, ServingError
from serving.server.rest.answer import Answer, refuse
from serving.server.rest.http_message import Request
from serving.server.rest.rest_api import RestApi


class _Job:
    """A request, and who waits for its answer; None once nobody does."""

    def __init__(
        self,
        request: Request,
        reply: Callable[[Answer], None],
        until: float | None,
    ) -> None:
        self.request = request
        self.reply: Callable[[Answer], None] | None = reply
        self.until = until
        self.timer: asyncio.TimerHandle | None = None


class Workers:
    """Started and asked in the thread of one event loop."""

    def __init__(
        self, api: RestApi, *, threads: int, max_waiting: int, timeout_s: float
    ) -> None:
        """Prepares the threads.

        Args:
            api: Answers.
            threads: Requests that are worked on at a time.
            max_waiting: Requests that may wait for a thread; 0 is no limit.
            timeout_s: What waiting and work may take together; 0 is no limit.
        """
        self._api = api
        self._threads = threads
        self._max_waiting = max_waiting
        self._timeout_s = timeout_s
        self._unfinished = 0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop

    def start(self) -> None:
        """Starts the threads; the running loop gets their answers."""
        self._loop = asyncio.get_running_loop()
        for index in range(self._threads):
            threading.Thread(
                target=self._work, name=f"rest-{index}", daemon=True
            ).start()

    def stop(self) -> None:
        """Lets the threads end, each after what it is working on."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def begin(
        self, request: Request, reply: Callable[[Answer], None]
    ) -> Callable[[], None] | Answer:
        """Starts to answer; returns how to give it up, or at once a refusal."""
        if self._max_waiting and self._unfinished >= self._threads + self._max_waiting:
            words = (
                f"{self._max_waiting} requests are waiting already, which is"
                " --max_queued_requests; try again later, or start more servers"
            )
            return refuse(ServingError(words, Code.UNAVAILABLE))
        until = time.monotonic() + self._timeout_s if self._timeout_s else None
        job = _Job(request, reply, until)
        if self._timeout_s:
            job.timer = self._loop.call_later(self._timeout_s, self._time_out, job)
        self._unfinished += 1
        self._jobs.put(job)
        return lambda: _settle(job, None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            answer = None
            if job.reply is not None:
                request = job.request
                answer = self._api.answer(
                    request.method,
                    request.target,
                    request.headers,
                    request.body,
                    job.until,
                )
            try:
                self._loop.call_soon_threadsafe(self._finish, job, answer)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return
            del job, answer  # photos are large, and the next job may be hours away

    def _finish(self, job: _Job, answer: Answer | None) -> None:
        self._unfinished -= 1
        _settle(job, answer)

    def _time_out(self, job: _Job) -> None:
        _settle(
            job, refuse(DeadlineExceededError("Timed out waiting for notification"))
        )


def _settle(job: _Job, answer: Answer | None) -> None:
    """Gives the first answer to who waits, nothing to who has given up."""
    reply, job.reply = job.reply, None
    if job.timer is not None:
        job.timer.cancel()
    if reply is not None and answer is not None:
        reply(answer)
