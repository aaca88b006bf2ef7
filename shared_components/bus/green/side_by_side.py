"""Do several things that wait for the outside at once, and hand over those that are done."""
from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from shared_components.bus.green.patching import is_green

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(do: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[list[tuple[Item, Result]]]:
    """Give the items with their results as they get done, those that are done by then together.

    Raises the error of `do` as soon as it is its turn. Where nothing is green, one item is done after the other.
    """
    if not is_green() or len(items) < 2:
        if items:
            yield [(item, do(item)) for item in items]
        return
    yield from _in_greenlets(do, items)


def _in_greenlets(do: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[list[tuple[Item, Result]]]:
    import eventlet
    from eventlet.queue import LightQueue

    done = LightQueue()

    def run(item: Item) -> None:
        try:
            done.put((item, do(item), None))
        except BaseException as error:
            done.put((item, None, error))

    for item in items:
        # The trace of the caller, for each a copy: what one sets no other sees.
        eventlet.spawn(contextvars.copy_context().run, partial(run, item))
    left = len(items)
    while left:
        some = [done.get()]
        eventlet.sleep(0)  # replies that came in one message are all taken before the group is closed
        while not done.empty():
            some.append(done.get_nowait())
        left -= len(some)
        for _, _, error in some:
            if error is not None:
                raise error
        yield [(item, result) for item, result, _ in some]
