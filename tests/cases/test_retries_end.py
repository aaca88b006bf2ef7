"""Every retry has a maximum, and one bad item stops no other."""
from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.elicence import usecases
from services.matter.cases.domain.recording import RetryPolicy as MatterRetries
from services.matter.cases.usecases import engine
from services.matter.cases.usecases.engine import DueTask
from services.notification.messages.domain.mailer import Letter
from services.payment.orders.domain.backoff import LONGEST_WAIT_S, MOST_ATTEMPTS, NEVER, next_attempt, next_retry
from services.payment.orders.schemas.orders import LONGEST_LIFE_S
from shared_components.db import Database
from shared_components.webhooks.webhook import RETRY_AFTER
from tests.unit.elicence.world import database_world
from tests.unit.matter.bench import Bench
from tests.unit.matter.memory import MemoryDueTasks
from tests.unit.notification.conftest import migrated, world  # noqa: F401
from tests.unit.notification.world import POLICY, START, FakeMailer, World


class Broken(FakeMailer):
    """Fails with a bug for some letters."""

    def send(self, letter: Letter) -> None:
        if letter.address.startswith("bad"):
            raise ValueError("Header values may not contain linefeed or carriage return characters")
        super().send(letter)


class Deadly(FakeMailer):
    """The process dies with each attempt."""

    def send(self, letter: Letter) -> None:
        raise KeyboardInterrupt


def state_of(world: World, message_id: str) -> dict[str, Any]:  # noqa: F811
    with world.begin() as tx:
        (held,) = tx.messages.lock_many([("transport", message_id)])
    message = held.outline
    return {"state": message.state, "attempts": message.attempts, "code": message.failure_code}


def test_an_error_while_a_letter_is_made_is_a_permanent_failure(world: World) -> None:  # noqa: F811
    world.put()
    world.mailer = Broken()
    bad = world.send(address="bad@example.cn").message_id
    world.deliver(bad)
    assert state_of(world, bad) == {"state": "permanent-failure", "attempts": 1, "code": "not-sent"}
    assert world.sweep(after_s=3600) == 0
    assert world.event_types()[-1] == "message-failed"


def test_bad_letters_in_front_stop_none_behind(world: World) -> None:  # noqa: F811
    world.put()
    world.mailer = Broken()
    bad = [world.send(address=f"bad{number}@example.cn").message_id for number in range(5)]
    good = [world.send(address=f"good{number}@example.cn").message_id for number in range(5)]
    assert world.sweep(after_s=31) == 10
    assert {state_of(world, one)["state"] for one in good} == {"sent"}
    assert {state_of(world, one)["state"] for one in bad} == {"permanent-failure"}


def test_content_that_cannot_be_decrypted_ends_and_stops_no_other(world: World) -> None:  # noqa: F811
    world.put()
    bad, good = (world.send().message_id for _ in range(2))
    with world.database.transaction(["*"]) as session:
        session.execute(text("UPDATE messages SET sealed_content = x'00' WHERE message_id = :id"), {"id": bad})
    for _ in range(POLICY.retries.max_attempts + 2):
        world.sweep(after_s=3600)
    assert state_of(world, good)["state"] == "sent"
    assert state_of(world, bad) == {
        "state": "technical-failure", "attempts": POLICY.retries.max_attempts, "code": "content-unreadable"}


def test_a_row_that_cannot_be_worked_on_at_all_is_put_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    world.put()
    bad, good = (world.send().message_id for _ in range(2))
    begin = world.begin

    def broken(tenant: str = "transport") -> Any:
        manager = begin(tenant)

        class Transaction:
            def __enter__(self) -> Any:
                tx = manager.__enter__()
                lock_many = tx.messages.lock_many

                def no_row(asked: Any) -> Any:
                    if bad in [message_id for _, message_id in asked]:
                        raise RuntimeError("a row of an unknown shape")
                    return lock_many(asked)

                tx.messages.lock_many = no_row  # type: ignore[method-assign]
                return tx

            def __exit__(self, *given: Any) -> Any:
                return manager.__exit__(*given)

        return Transaction()

    monkeypatch.setattr(world, "begin", broken)
    assert world.sweep(after_s=31) == 2
    assert len(world.mailer.letters) == 1
    assert world.sweep(after_s=60) == 0
    monkeypatch.undo()
    assert state_of(world, good)["state"] == "sent"


def test_attempts_that_each_killed_their_process_come_to_an_end(world: World) -> None:  # noqa: F811
    world.put()
    message_id = world.send().message_id
    world.mailer = Deadly()
    for _ in range(POLICY.retries.max_attempts):
        with pytest.raises(KeyboardInterrupt):
            world.sweep(after_s=3600)
    world.sweep(after_s=3600)
    assert state_of(world, message_id) == {
        "state": "technical-failure", "attempts": POLICY.retries.max_attempts, "code": "attempt-broke-off"}
    assert world.sweep(after_s=3600) == 0


def test_asking_a_pay_channel_comes_to_an_end() -> None:
    """Attempts are counted for one order or refund while its channel answers others; 30 days of life fit in."""
    for wait in (next_attempt, next_retry):
        assert wait(MOST_ATTEMPTS, now=START) == wait(MOST_ATTEMPTS + 5, now=START) == NEVER
        assert wait(MOST_ATTEMPTS - 1, now=START) < START + timedelta(hours=1)
    assert MOST_ATTEMPTS * LONGEST_WAIT_S > LONGEST_LIFE_S


def test_every_retry_policy_has_a_maximum() -> None:
    assert POLICY.retries.max_attempts < 100
    assert len(RETRY_AFTER) < 10
    assert MatterRetries().stuck_after_attempts < 100


def test_a_step_that_breaks_is_put_off_and_the_sweep_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    broken, good = DueTask("step_1", "case_1", "default"), DueTask("step_2", "case_2", "default")
    put_off: list[Any] = []
    monkeypatch.setattr(MemoryDueTasks, "due", lambda self, now, limit: [broken, good])
    monkeypatch.setattr(MemoryDueTasks, "put_off", lambda self, task, until: put_off.append((task, until)))

    def run(_: engine.Engine, due: list[DueTask]) -> int:
        if broken in due:
            raise RuntimeError("a row of an unknown shape")
        return len(due)

    monkeypatch.setattr(engine, "run_tasks", run)
    assert engine.sweep(bench.engine) == 1
    assert put_off == [(broken, bench.clock.now() + engine.PUT_OFF)]


def test_a_licence_that_cannot_be_decrypted_stops_no_other_from_ending(tmp_path: Path) -> None:
    licences = database_world(f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path)
    licences.put_type()
    bad, good = (licences.issued(number, valid_from="2026-03-01", valid_until="2032-03-01") for number in (1, 2))
    with Database(f"sqlite:///{tmp_path / 'zhongtai.db'}", "elicence").transaction(["*"]) as session:
        session.execute(text("UPDATE licences SET sealed = x'00' WHERE licence_id = :id"), {"id": bad["licence_id"]})
    licences.clock.advance(timedelta(days=7 * 366))
    licences.events.clear()
    assert usecases.expire_ended(licences) == 1
    assert good["licence_id"] in str(licences.events)
