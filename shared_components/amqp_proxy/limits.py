"""Limits of the AMQP proxy for each connection, and for each address that connections come from."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared_components.amqp_proxy.bucket import Bucket


@dataclass(frozen=True)
class Limits:
    """Configuration section `edge`, as far as it limits."""

    max_message_bytes: int
    bytes_per_s: int
    connections: int
    connections_per_address: int
    new_connections_per_s: float

    @classmethod
    def of(cls, section: Mapping[str, Any]) -> Limits:
        return cls(**{name: section[name] for name in cls.__dataclass_fields__})

    def bucket(self, now: float) -> Bucket:
        """Give the token bucket of a connection. Two of the largest messages may come at once."""
        return Bucket(self.bytes_per_s, 2 * self.max_message_bytes, now)


class Refused(Exception):
    """A connection that is not taken. reason: one of a few words, for metrics and logs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Addresses:
    """Number and rate of connections from each address."""

    # A client that waits longer than this for its turn has given up itself.
    LONGEST_WAIT_S = 5.0

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._counts: dict[str, int] = {}
        self._turns: dict[str, Bucket] = {}

    @property
    def connections(self) -> int:
        return sum(self._counts.values())

    def enter(self, address: str, now: float) -> float:
        """One more from there. Gives the seconds to wait before it is served; `leave` follows. Raises Refused."""
        count = self._counts.get(address, 0)
        if self.connections >= self._limits.connections:
            raise Refused("too-many-connections")
        if count >= self._limits.connections_per_address:
            raise Refused("too-many-connections-of-address")
        turn = self._turn(address, now)
        # Who is refused owes nothing: else a minute of knocking would shut the address out for an hour.
        if turn.wait_for(1, now) > self.LONGEST_WAIT_S:
            raise Refused("connections-too-fast")
        self._counts[address] = count + 1
        return turn.take(1, now)

    def leave(self, address: str) -> None:
        if self._counts[address] > 1:
            self._counts[address] -= 1
        else:
            del self._counts[address]

    def _turn(self, address: str, now: float) -> Bucket:
        turn = self._turns.get(address)
        if turn is None:
            self._forget(now)
            most = self._limits.connections_per_address
            turn = self._turns[address] = Bucket(self._limits.new_connections_per_s, most, now)
        return turn

    def _forget(self, now: float) -> None:
        """Forget addresses that have been quiet long enough to be as good as new."""
        full = self._limits.connections_per_address
        self._turns = {address: turn for address, turn in self._turns.items() if turn.left(now) < full}
