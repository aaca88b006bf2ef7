"""Run what may block beside an event loop: in a thread, or in a greenlet where green services share the loop."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from shared_components.bus.green.patching import is_green

T = TypeVar("T")


async def run_blocking(function: Callable[[], T], *, timeout_s: float) -> T:
    """Return the function's result or raise its error. After TimeoutError the function still runs to its end."""
    if not is_green():
        return await asyncio.wait_for(asyncio.to_thread(function), timeout_s)
    return await asyncio.wait_for(_in_greenlet(function), timeout_s)


def _in_greenlet(function: Callable[[], T]) -> asyncio.Future[T]:
    """A thread's answer may never reach a loop that is eventlet's hub; a greenlet is of the loop's own thread."""
    import eventlet

    answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def run() -> None:
        try:
            result = function()
        except Exception as error:
            if not answer.done():
                answer.set_exception(error)
        else:
            if not answer.done():
                answer.set_result(result)

    eventlet.spawn(run)
    return answer
