"""Compare what clients believe with what the databases hold: lost, doubled, stuck, phantom."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.faults.account import Account
from tests.faults.load import wait_while_moving
from tests.faults.world import World

# Services that still work off what gathered meanwhile are not stuck; one that moves nothing for so long is.
DRAIN_S, LONGEST_DRAIN_S = 60.0, 600.0
NEWEST = "SELECT count(*), max(event_id) FROM outbox"


@dataclass
class Comparison:
    """lost: ok but absent. doubled: more than one effect. stuck: never resolved. phantom: failed, and yet done."""

    ok: int
    failed: int
    unknown_first: int
    lost: int
    doubled: int
    stuck: int
    phantom: int

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "ok": self.ok, "failed": self.failed, "unknown first": self.unknown_first,
            "lost": self.lost, "doubled": self.doubled, "stuck": self.stuck, "phantom": self.phantom,
        }  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        return [f"{count} {name}" for name in ("lost", "doubled", "stuck", "phantom") if (count := getattr(self, name))]


def compare(account: Account, effects: Counter[str]) -> Comparison:
    """effects: key → how many."""
    return Comparison(
        ok=len(account.of("ok")),
        failed=len(account.of("failed")),
        unknown_first=sum(each.first_outcome == "unknown" for each in account.operations),
        lost=sum(effects[each.key] == 0 for each in account.of("ok")),
        doubled=sum(count > 1 for count in effects.values()),
        stuck=len(account.of("unknown")) + len(account.of("open")),
        phantom=sum(effects[each.key] > 0 for each in account.of("failed")),
    )


@dataclass
class Follow:
    """Consequences of the effects: events at their consumer."""

    lost: int
    doubled: int
    outbox_left: int
    queued: int
    dead: int

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "events lost": self.lost, "events doubled": self.doubled, "outbox left": self.outbox_left,
            "dead": self.dead,
        }  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        names = {"events lost": self.lost, "events doubled": self.doubled, "rows left in the outbox": self.outbox_left,
                 "messages left in the queue": self.queued, "dead letters": self.dead}  # fmt: skip
        return [f"{count} {name}" for name, count in names.items() if count]


def follow(
    world: World, producer: str, expected: Counter[str], *, consumer: str = "auditor", queue: str = "on_kept",
    drain_s: float = DRAIN_S, among: str = "",
) -> Follow:
    """Wait until the events of all effects have arrived, then compare. among: only keys that begin so are looked at.

    drain_s: how long nothing may move before what is left counts as left.
    """
    name = f"events.{consumer}.{queue}"

    def heard() -> Counter[str]:
        found = world.effects(consumer)
        return Counter({key: count for key, count in found.items() if key.startswith(among)})

    def drained() -> bool:
        return not set(expected) - set(heard()) and world.count(producer, "outbox") == 0 and world.depth(name) == 0

    def state() -> list[Any]:
        # A service that listens to its own events writes new ones while it catches up: their ids move.
        return [sum(heard().values()), world.depth(name), *world.rows(producer, NEWEST)]

    wait_while_moving(drained, state, drain_s, max(drain_s, LONGEST_DRAIN_S))
    found = heard()
    return Follow(
        lost=len(set(expected) - set(found)),
        doubled=sum(count > expected.get(key, 1) for key, count in found.items()),
        outbox_left=world.count(producer, "outbox"),
        queued=world.depth(name),
        dead=len(world.dead(consumer)),
    )
