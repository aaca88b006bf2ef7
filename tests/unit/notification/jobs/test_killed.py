"""R30, short: the process dies at every row and between every two steps; no row is sent twice, and none is lost."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notification.jobs.domain.job import message_id_of
from services.notification.jobs.usecases import accept_rows, run_jobs
from services.notification.jobs.usecases.rows import Composer
from services.notification.transaction import SqlNotificationTransaction
from shared_components.kernel.ids import new_id
from tests.unit.notification.jobs.world import HEADER, JobWorld

ROWS = 12
CONTENT = HEADER + "".join(f"citizen-{number}@example.cn,张三,{number},\n" for number in range(1, ROWS + 1))


class Killed(BaseException):
    """The process ends here: nothing that it does afterwards counts."""


class Dying:
    """Transactions of a process that dies before or after its n-th commit."""

    def __init__(self, jobs: JobWorld, at: int, *, after: bool) -> None:
        self.jobs, self.left, self.after = jobs, at, after

    @contextmanager
    def begin(self, tenant: str) -> Iterator[SqlNotificationTransaction]:
        self.left -= 1
        with self.jobs.world.begin(tenant) as tx:
            yield tx
            if self.left == 0 and not self.after:
                raise Killed
        if self.left == 0:
            raise Killed


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept_rows, "CHUNK", 4)


def sent_bodies(jobs: JobWorld) -> Counter[str]:
    """Count the letters that people got, by their words."""
    for message_id in jobs.ids():
        jobs.world.deliver(message_id)
    return Counter(letter.body for letter in jobs.world.mailer.letters)


def run_to_the_end(jobs: JobWorld, job_id: str) -> None:
    for _ in range(20):
        jobs.world.clock.advance(timedelta(seconds=31))  # the hold of the process that died runs out
        jobs.run()
        if jobs.job(job_id).job.state == "finished":
            return
    raise AssertionError(f"job is {jobs.job(job_id).job.state}")


def die_after_each_commit(jobs: JobWorld) -> None:
    """At the 1st, 2nd, 3rd … commit of each life of the process, before it and after it."""
    for at in range(1, 8):
        for after in (False, True):
            jobs.world.clock.advance(timedelta(seconds=31))
            try:
                run_jobs.run_jobs(Dying(jobs, at, after=after), jobs.files)
            except Killed:
                continue


EACH_ROW_ONCE = {f"应缴 {number} 元": 1 for number in range(1, ROWS + 1)}


def test_no_row_is_sent_twice_or_lost_when_the_process_dies_around_any_commit(jobs: JobWorld) -> None:
    job_id = jobs.given(CONTENT)
    die_after_each_commit(jobs)
    run_to_the_end(jobs, job_id)
    assert sent_bodies(jobs) == EACH_ROW_ONCE
    assert jobs.world.event_types().count("bulk-message-accepted") == ROWS


def test_nor_when_it_dies_at_every_row(jobs: JobWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = jobs.given(CONTENT)
    composed = Composer.message
    deaths = set(range(1, 3 * ROWS))
    count = 0

    def dying(self: Composer, number: int, values: Any) -> Any:
        nonlocal count
        count += 1
        if count in deaths and count % 3 == 0:
            raise Killed
        return composed(self, number, values)

    monkeypatch.setattr(Composer, "message", dying)
    for _ in range(3 * ROWS):
        jobs.world.clock.advance(timedelta(seconds=31))
        try:
            jobs.run()
        except Killed:
            continue
    run_to_the_end(jobs, job_id)
    assert sent_bodies(jobs) == EACH_ROW_ONCE


def test_two_processes_at_one_job_send_each_row_once(jobs: JobWorld) -> None:
    job_id = jobs.given(CONTENT, hold=True)
    jobs.run()
    with jobs.world.begin() as tx:
        job = tx.jobs.lock(job_id)
        tx.jobs.save(replace(job, state="sending"))

    def other_process() -> bool:
        accept_rows.accept_rows(jobs.world, jobs.files, job, lambda: True)
        return True

    accept_rows.accept_rows(jobs.world, jobs.files, job, other_process)
    assert sent_bodies(jobs) == EACH_ROW_ONCE


def test_with_ids_of_chance_rows_are_sent_twice(jobs: JobWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall of this experiment is the id: without it, the same deaths send rows twice."""
    by_chance: Callable[[str, int], str] = lambda job_id, row: new_id("msg")  # noqa: E731
    monkeypatch.setattr(run_jobs, "accept_rows", lambda *given: accept_rows.accept_rows(*given, make_id=by_chance))
    job_id = jobs.given(CONTENT)
    die_after_each_commit(jobs)
    run_to_the_end(jobs, job_id)
    assert max(sent_bodies(jobs).values()) > 1


def test_ids_are_a_function_of_job_and_row_and_sort_by_row() -> None:
    job, other = new_id("job"), new_id("job")
    ids = [message_id_of(job, row) for row in (1, 2, 1_000, 1_000_000)]
    assert ids == sorted(ids) == [message_id_of(job, row) for row in (1, 2, 1_000, 1_000_000)]
    assert len({*ids, *(message_id_of(other, row) for row in range(1, 1_000))}) == 1_003
    assert all(len(one) == 36 for one in ids)
