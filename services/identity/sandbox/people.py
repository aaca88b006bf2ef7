"""People and companies of the sandbox, and what is special about some of them."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 1, 1)
"""The day on which ages are told; the population does not grow older by itself."""

LEAP_DAY, CHECK_X, MINORITY_NAME, LONG_NAME = "leap-day", "check-x", "minority-name", "long-name"
UNDER_14, DEAD, FROZEN, PERMIT, FORMER_NUMBER = "under-14", "dead", "frozen", "residence-permit", "former-number"
EDGES = (LEAP_DAY, CHECK_X, MINORITY_NAME, LONG_NAME, UNDER_14, DEAD, FROZEN, PERMIT, FORMER_NUMBER)

ADULT_YEARS, CHILD_YEARS = 18, 14


@dataclass(frozen=True, slots=True)
class Person:
    """family: the number of the household. role: head, spouse, child or grandparent.

    guardians: numbers of those who act for a minor. former_number: the 15 digits of an old card, which nobody takes.
    state: alive, dead or frozen, as the authority answers.
    """

    number: str
    name: str
    born: date
    family: int
    role: str
    guardians: tuple[str, ...] = ()
    former_number: str | None = None
    state: str = "alive"

    @property
    def age(self) -> int:
        """Completed years on AS_OF."""
        before = (AS_OF.month, AS_OF.day) < (self.born.month, self.born.day)
        return AS_OF.year - self.born.year - before

    @property
    def edges(self) -> tuple[str, ...]:
        """The special cases that the person is."""
        found = {
            LEAP_DAY: (self.born.month, self.born.day) == (2, 29), CHECK_X: self.number.endswith("X"),
            MINORITY_NAME: "·" in self.name, LONG_NAME: len(self.name) > 15, UNDER_14: self.age < CHILD_YEARS,
            DEAD: self.state == DEAD, FROZEN: self.state == FROZEN,
            PERMIT: self.number[:2] in ("81", "82", "83"), FORMER_NUMBER: self.former_number is not None,
        }
        return tuple(edge for edge in EDGES if found[edge])


@dataclass(frozen=True, slots=True)
class Company:
    """representative: the number of the legal representative. agents: those of persons who may act for it."""

    credit_code: str
    name: str
    representative: str
    agents: tuple[str, ...]


@dataclass(frozen=True)
class City:
    persons: tuple[Person, ...]
    companies: tuple[Company, ...]
