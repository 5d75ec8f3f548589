from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.server.batching.scheduler import BatchScheduler


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as executor:
        yield executor


@pytest.fixture
def scheduler() -> Iterator[BatchScheduler]:
    made = BatchScheduler(threads=1, name="test")
    yield made
    made.close()
