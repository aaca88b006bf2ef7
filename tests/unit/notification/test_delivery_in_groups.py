"""Letters are delivered in groups: few transactions, and each letter fails or succeeds by itself."""
from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from services.notification.messages.usecases.deliver import GROUP, deliver_group
from tests.unit.notification.world import World


@dataclass
class Counted:
    """The world's transactions, counted."""

    world: World
    count: int = 0

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[Any]:
        self.count += 1
        (tenant,) = tenants
        return self.world.begin(tenant)


def attempt_together(attempt: Any, letters: Any) -> Any:
    yield [(letter, attempt(letter)) for letter in letters]


def sent(world: World, *addresses: str) -> list[tuple[str, str]]:
    return [("transport", world.send(address=address).message_id) for address in addresses]


def states(world: World, asked: list[tuple[str, str]]) -> list[str]:
    with world.begin() as tx:
        held = {one.outline.message_id: one.outline.state for one in tx.messages.lock_many(asked)}
    return [held[message_id] for _, message_id in asked]


def test_a_group_is_taken_and_settled_in_two_transactions(world: World) -> None:
    world.put()
    asked = sent(world, *(f"citizen{number}@example.cn" for number in range(GROUP)))
    counted = Counted(world)
    deliver_group(counted, world.mailer, asked, attempt_together)
    assert counted.count == 2
    assert states(world, asked) == ["sent"] * GROUP
    assert world.event_types().count("message-sent") == GROUP


def test_more_than_a_group_is_taken_in_parts(world: World) -> None:
    world.put()
    asked = sent(world, *(f"citizen{number}@example.cn" for number in range(GROUP + 1)))
    counted = Counted(world)
    deliver_group(counted, world.mailer, asked, attempt_together)
    assert counted.count == 4
    assert len(world.mailer.letters) == GROUP + 1


def test_each_letter_of_a_group_fails_by_itself(world: World) -> None:
    world.put()
    asked = sent(world, "a@example.cn", "permanent-failure@example.cn", "busy-once@example.cn", "b@example.cn")
    deliver_group(Counted(world), world.mailer, asked, attempt_together)
    assert states(world, asked) == ["sent", "permanent-failure", "temporary-failure", "sent"]


def test_a_group_that_comes_again_sends_no_letter_again(world: World) -> None:
    world.put()
    asked = sent(world, "a@example.cn", "b@example.cn")
    for _ in range(2):
        deliver_group(Counted(world), world.mailer, asked, attempt_together)
    assert len(world.mailer.letters) == 2


def test_a_letter_that_was_settled_meanwhile_stays_as_it_is(world: World) -> None:
    world.put()
    asked = sent(world, "a@example.cn")

    def overtaken(attempt: Any, letters: Any) -> Any:
        done = [(letter, attempt(letter)) for letter in letters]
        yield done
        yield done  # as a worker that comes back too late

    deliver_group(Counted(world), world.mailer, asked, overtaken)
    assert states(world, asked) == ["sent"]
    assert world.event_types().count("message-sent") == 1
