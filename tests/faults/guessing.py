"""Guessers of passwords and codes, all at once, against the use cases of a service on the laboratory's database."""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.identity.credentials.adapters.argon2 import Argon2Hasher, Parameters
from services.identity.credentials.adapters.attempts import SqlAttempts
from services.identity.credentials.adapters.challenges import SqlChallenges
from services.identity.credentials.adapters.keyed_hashes import SecretHashes
from services.identity.credentials.domain.identifiers import username
from shared_components.bus import RealThreads
from shared_components.kernel.errors import AppError
from tests.unit.identity.credentials.world import REALM, RIGHT, World

AT_ONCE = 16
MOBILE, EMAIL, NAME = "13800138000", "lin@example.cn", "lin.jing"
CHEAP = Parameters(memory_kib=256, passes=1)


class Guessers:
    """counted: secrets that were compared with the owner's."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        self.world = World(folder, url=url)
        self.world.hasher = _Counting()
        self.owner = self.world.person(mobile=MOBILE, email=EMAIL)
        self.world.in_tx(lambda tx: tx.accounts.set_username(REALM, self.owner, username(NAME)))
        self.identifiers = (self.world.numbers[self.owner], MOBILE, EMAIL, NAME)
        self.world.sign_in(self.identifiers[0], device="owner's", address="10.0.0.1")
        self._chance = random.Random(seed)

    def close(self) -> None:
        self.world.transactions.database.dispose()

    @property
    def compared(self) -> int:
        hasher: Any = self.world.hasher
        return int(hasher.compared)

    def guess(self, _: int) -> str:
        """One wrong password, by a chosen identifier, device and address."""
        chance = self._chance
        return outcome(lambda: self.world.sign_in(
            chance.choice(self.identifiers), f"wrong {chance.random()}", device=f"evil-{chance.randrange(5)}",
            address=f"10.6.{chance.randrange(250)}.1"))

    def owner_enters(self) -> str:
        return outcome(lambda: self.world.sign_in(self.identifiers[0], RIGHT, device="owner's", address="10.0.0.1"))


class _Counting(Argon2Hasher):
    def __init__(self) -> None:
        super().__init__(RealThreads(AT_ONCE, waiting=AT_ONCE), CHEAP)
        self.compared = 0

    def verify(self, password: str, encoded: str | None) -> bool:
        self.compared += encoded is not None
        return super().verify(password, encoded)


def outcome(act: Callable[[], Any]) -> str:
    """The code of the refusal, or `in`."""
    try:
        act()
    except AppError as error:
        return error.code
    return "in"


def all_at_once(act: Callable[[int], str], times: int) -> Sequence[str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, range(times)))


@contextmanager
def counted_codes() -> Iterator[list[str]]:
    """The codes that are compared with a challenge's."""
    compared: list[str] = []
    matches = SecretHashes.matches

    def counting(self: Any, purpose: str, given: str, text: str) -> bool:
        compared.append(text)
        return matches(self, purpose, given, text)

    with patch.object(SecretHashes, "matches", counting):
        yield compared


@contextmanager
def unlimited() -> Iterator[None]:
    """Without the protections: attempts are never used up, and a challenge may be answered for ever."""
    def any_time(self: Any, challenge_id: str, *, binding: str, most: int, at: Any) -> Any:
        return self.get(challenge_id)

    with ExitStack() as stack:
        stack.enter_context(patch.object(SqlAttempts, "take", lambda *_: True))
        stack.enter_context(patch.object(SqlChallenges, "try_once", any_time))
        yield
