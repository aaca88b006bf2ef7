"""Several things at once, in the order in which they were given."""
from __future__ import annotations

import threading

import pytest

from shared_components.kernel.run_concurrently import run_concurrently


def test_results_come_in_the_order_of_what_was_asked() -> None:
    meet = threading.Barrier(3)

    def square(number: int) -> int:
        meet.wait(10)  # all of them are at work at once, or this breaks
        return number * number

    assert run_concurrently(square, [3, 1, 2]) == [9, 1, 4]


def test_all_are_done_before_the_first_error_is_raised() -> None:
    done = []

    def work(number: int) -> None:
        if number == 1:
            raise LookupError(f"no {number}")
        done.append(number)

    with pytest.raises(LookupError, match="no 1"):
        run_concurrently(work, [0, 1, 2])
    assert sorted(done) == [0, 2]


def test_nothing_is_nothing() -> None:
    assert run_concurrently(str, []) == []
