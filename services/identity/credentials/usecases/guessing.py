"""Attempts: what one costs, before anything is compared, and what a success gives back."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.identity.credentials.domain.attempts import Limit, Limits
from services.identity.credentials.domain.errors import TooManyAttempts
from services.identity.credentials.domain.identifiers import meant_by
from services.identity.credentials.domain.ports import HasAccounts, HasAttempts, HasCredentialPolicy, HasDevices
from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.ports import HasPolicy
from shared_components.kernel.transactions import HasClock


class GuessTx(HasAccounts, HasAttempts, HasClock, HasCredentialPolicy, HasDevices, HasPolicy, Protocol):
    """The transaction of taking an attempt."""


class Guess(Protocol):
    """A command that names an account by an identifier. realm_id: the tenant of the population: a realm's id, or that
    of its sandbox. device: the secret of a browser's cookie. address: from which the browser came.
    """

    @property
    def realm_id(self) -> str: ...
    @property
    def identifier(self) -> str: ...
    @property
    def device(self) -> str | None: ...
    @property
    def address(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """subject_id: None for nobody, and where the account may not be guessed at now. taken: counters and their values.

    known_device: the person has signed in with this device before.
    """

    population: str
    subject_id: str | None
    known_device: bool
    device: str | None = field(repr=False)
    taken: Sequence[tuple[Limit, str]] = field(repr=False)


def take_attempt(tx: GuessTx, guess: Guess) -> Attempt:
    """Take one attempt from every counter that this guess touches.

    The statements are the same whether the identifier leads to somebody or not. Raises TooManyAttempts.
    """
    now, limits, population = tx.clock.now(), tx.credential_policy.limits, guess.realm_id
    meant = meant_by(guess.identifier, tx.policy.documents, today=china_today(now))
    subject_id = tx.accounts.find(population, meant)
    if tx.devices.is_known(population, subject_id, guess.device):
        own = [(limits.known_device, f"{subject_id}/{guess.device}")]
        _take(tx, population, own, now)
        return Attempt(population, subject_id, True, guess.device, own)
    told = _told(limits, guess, meant.text)
    _take(tx, population, told, now)
    # Nobody has a counter, too: of the identifier, so that the same rows are written.
    account = subject_id or f"nobody/{meant.text}"
    quiet = [(limits.account, account), (limits.account_day, account)]
    free = [tx.attempts.take(population, limit, value, now) for limit, value in quiet]
    taken = [each for each, is_taken in zip(quiet, free, strict=True) if is_taken]
    return Attempt(population, subject_id if all(free) else None, False, guess.device, [*told, *taken])


def _told(limits: Limits, guess: Guess, identifier: str) -> list[tuple[Limit, str]]:
    """In one order, so that two attempts never wait for each other's rows crosswise."""
    found = [(limits.address, guess.address)]
    if guess.device:
        found.append((limits.device, guess.device))
    return [*found, (limits.identifier, identifier)]


def take_address(tx: HasAttempts, population: str, limits: Limits, address: str, now: datetime) -> None:
    """Raises TooManyAttempts."""
    _take(tx, population, [(limits.address, address)], now)


def _take(tx: HasAttempts, population: str, counters: Sequence[tuple[Limit, str]], now: datetime) -> None:
    for limit, value in counters:
        if not tx.attempts.take(population, limit, value, now):
            raise TooManyAttempts(details={"retry_after_s": tx.attempts.wait_s(population, limit, value, now)})


def give_back(tx: HasAttempts, attempt: Attempt) -> None:
    """Return what a guess took that was right, or that was never compared."""
    for limit, value in attempt.taken:
        tx.attempts.give_back(attempt.population, limit, value)


def welcome_device(tx: GuessTx, attempt: Attempt, subject_id: str) -> None:
    """After a success: the device has a counter of its own from now on, and that one is free."""
    if attempt.device:
        # Counters before devices, as a known device's own success has them: two never wait for each other crosswise.
        tx.attempts.clear(
            attempt.population, tx.credential_policy.limits.known_device, f"{subject_id}/{attempt.device}")
        tx.devices.remember(attempt.population, subject_id, attempt.device, tx.clock.now())
