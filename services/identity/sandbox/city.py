"""A city of several thousand people and companies, generated from a seed: the same seed gives the same city.

Everybody is invented. Nothing is stored: the authority and `zhongtai sandbox people` generate it when they need it.
"""
from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from services.identity.sandbox.people import ADULT_YEARS, AS_OF, DEAD, FROZEN, City, Company, Person
from services.identity.sandbox.population import PERSONS
from shared_components.kernel.numbers import complete_credit_code, complete_resident_id

SEED, FAMILIES = 2026, 1_000
FAMILIES_A_COMPANY = 5
DAYS_A_YEAR = 365
FIRST_SEQUENCE = 301
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾"
_GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超霞平刚桂英华玉兰宇轩子涵欣怡浩然思源"
_MINORITY = ("阿卜杜拉·买买提", "迪丽热巴·库尔班江", "扎西·多吉", "巴特尔·呼和")
_LONG = "阿不都热依木江·麦麦提图尔荪·阿卜杜喀迪尔·吐尔逊江"
_DIVISIONS = ("330106", "330102", "330203", "330302", "330110", "310101", "440305")
_PERMITS = ("810000", "820000", "830000")
_TRADES = ("餐饮", "科技", "贸易", "物流", "文化传播", "建筑", "医药")

Item = TypeVar("Item")


@dataclass
class Chance:
    """Numbers from a seed, by a hash: the same on every platform and in every version of Python."""

    seed: int
    drawn: int = 0

    def below(self, end: int) -> int:
        self.drawn += 1
        digest = hashlib.sha256(f"{self.seed}/{self.drawn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % end

    def one_of(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]


@dataclass
class Numbers:
    """Resident identity numbers, each once, and none of the persons that were there before."""

    used: set[str] = field(default_factory=lambda: set(PERSONS))

    def give(self, division: str, born: date, *, male: bool) -> str:
        sequence = FIRST_SEQUENCE + (0 if male else 1)
        while (number := complete_resident_id(f"{division}{born:%Y%m%d}{sequence:03d}")) in self.used:
            sequence += 2
        self.used.add(number)
        return number


@functools.cache
def city(seed: int = SEED, families: int = FAMILIES) -> City:
    """The city of a seed. Its size decides only how many families there are, not who is in each."""
    numbers = Numbers()
    persons = tuple(person for family in range(families) for person in _family(seed, family, numbers))
    return City(persons, tuple(_companies(seed, persons, families)))


def _family(seed: int, family: int, numbers: Numbers) -> Iterator[Person]:
    """Two adults or one, up to three children, now and then a grandparent; children have their parents as guardians."""
    chance = Chance(seed * 1_000_003 + family)
    surname, division = chance.one_of(_SURNAMES), chance.one_of(_DIVISIONS)
    division = chance.one_of(_PERMITS) if family % 100 == 7 else division
    parents_age = 25 + chance.below(45)

    def person(role: str, age: int, guardians: tuple[str, ...] = (), name: str | None = None) -> Person:
        born = _birthday(chance, age)
        number = numbers.give(division, born, male=chance.below(2) == 0)
        return Person(
            number, name or surname + _given_name(chance), born, family, role,
            guardians if _is_minor(born) else (), _former(number, born), _state(chance, role, age))

    head = person("head", parents_age, name=_special_name(family))
    adults = [head]
    if family % 6:
        adults.append(person("spouse", max(22, parents_age - 5 + chance.below(9)), name=(
            chance.one_of(_SURNAMES) + _given_name(chance))))
    yield from adults
    if family % 4 == 0:
        yield person("grandparent", parents_age + 25)
    guardians = tuple(each.number for each in adults if each.state != DEAD) or (adults[0].number,)
    for _ in range(chance.below(4)):
        yield person("child", chance.below(max(1, parents_age - 22)), guardians)


def _birthday(chance: Chance, age: int) -> date:
    born = AS_OF - timedelta(days=age * DAYS_A_YEAR + 1 + chance.below(DAYS_A_YEAR))
    year = born.year - born.year % 4
    # One in twenty is born on a leap day, so that every list has some.
    return date(year, 2, 29) if chance.below(20) == 0 and year % 100 else born


def _is_minor(born: date) -> bool:
    return (AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))) < ADULT_YEARS


def _special_name(family: int) -> str | None:
    if family % 50 == 3:
        return _MINORITY[family // 50 % len(_MINORITY)]
    return _LONG if family % 250 == 11 else None


def _given_name(chance: Chance) -> str:
    return "".join(chance.one_of(_GIVEN) for _ in range(1 + chance.below(2)))


def _former(number: str, born: date) -> str | None:
    """The number of fifteen digits that cards had until 1999: no century and no check character."""
    return number[:6] + number[8:17] if born.year < 1985 else None


def _state(chance: Chance, role: str, age: int) -> str:
    if role == "grandparent" and chance.below(5) == 0:
        return DEAD
    return FROZEN if age > ADULT_YEARS and chance.below(60) == 0 else "alive"


def _companies(seed: int, persons: Sequence[Person], families: int) -> Iterator[Company]:
    adults = [each for each in persons if each.age >= ADULT_YEARS and each.state == "alive"]
    for index in range(families // FAMILIES_A_COMPANY):
        chance = Chance(seed * 1_000_003 + 500_000_000 + index)
        representative = chance.one_of(adults)
        agents = {chance.one_of(adults).number for _ in range(1 + chance.below(3))} - {representative.number}
        code = complete_credit_code(f"91{chance.one_of(_DIVISIONS)}MA2C{index:04d}0")
        name = f"示范{chance.one_of(_GIVEN)}{chance.one_of(_GIVEN)}{chance.one_of(_TRADES)}有限公司"
        yield Company(code, name, representative.number, tuple(sorted(agents)))
