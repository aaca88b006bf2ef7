"""Many clients at once: operations from a queue, by threads, until all are done."""
from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


def each(items: Iterable[Item], do: Callable[[Item], object], *, threads: int = 16) -> None:
    """Do it for every item; an exception in `do` is raised here at the end."""
    with begun(items, do, threads=threads):
        pass


@contextmanager
def begun(items: Iterable[Item], do: Callable[[Item], object], *, threads: int = 16) -> Iterator[Callable[[], bool]]:
    """The same beside the block, which gets a function that says whether it still goes on; the block's end waits."""
    waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    errors: list[BaseException] = []

    def work() -> None:
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                do(item)
            except BaseException as error:
                errors.append(error)
                return

    crew = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for thread in crew:
        thread.start()
    try:
        yield lambda: any(thread.is_alive() for thread in crew)
    finally:
        for thread in crew:
            thread.join(300)
    if errors:
        raise errors[0]


def wait_for(condition: Callable[[], bool], seconds: float, *, pause_s: float = 0.1) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_s)
    return True


def wait_while_moving(
    condition: Callable[[], bool], state: Callable[[], object], still_s: float, most_s: float
) -> bool:
    """Whether it came true before `state` had stood still for still_s seconds, and within most_s in all."""
    began = moved = time.monotonic()
    last = state()
    while not condition():
        now, seen = time.monotonic(), state()
        if seen != last:
            last, moved = seen, now
        if now - moved > still_s or now - began > most_s:
            return False
        time.sleep(0.3)
    return True
