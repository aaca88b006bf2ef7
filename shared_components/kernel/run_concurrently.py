"""Do several things at once: in threads, which are greenlets where a process is green."""
from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_concurrently(do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Run a function for each item, each in a thread of its own, and give the results in the items' order.

    Raises what the first of them has raised. Not concurrent.futures: beside the gateway, on eventlet's asyncio hub, its
    threads are real ones, and whatever a service waits for there is never heard of again.
    """
    results: dict[int, Result] = {}
    errors: dict[int, BaseException] = {}

    def work(number: int, item: Item) -> None:
        try:
            results[number] = do(item)
        except BaseException as error:
            errors[number] = error

    crew = [threading.Thread(target=work, args=each, daemon=True) for each in enumerate(items)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if errors:
        raise errors[min(errors)]
    return [results[number] for number in range(len(crew))]
