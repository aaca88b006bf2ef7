"""The sandbox's population: invented people and companies with numbers that are valid by rule.

Everybody here is made up; the generator is arithmetic, so it gives the same people everywhere and always.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from shared_components.kernel.numbers import complete_credit_code, complete_resident_id

SIZE = 200
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超霞平刚桂英华玉兰"
_DIVISIONS = ("330106", "330102", "330203", "330302", "310101", "110105", "440305", "510104", "320106", "330110")
_TRADES = ("餐饮", "科技", "贸易", "物流", "文化传播")

# Edge cases: a birth before the division's code, residence permits, a birth on the year's last day.
_NAMED_PERSONS = {
    "33010619850615002X": "林静",
    "330106199003070014": "张建国",
    "11010519491231002X": "李明华",
    "320106196501010019": "王秀兰",
    "330106195501010016": "陈德福",
    "810000199001010019": "欧阳慧敏",
}
_NAMED_ORGANISATIONS = {
    "91330106MA2DEM0091": "杭州示范餐饮有限公司",
    "N2330106MF00000137": "杭州市示范村股份经济合作社",
    "11330000000000107P": "示范省公安厅",
    "1133010600000030X3": "示范市公安局交通警察支队",
    "91350211M0000XUF46": "厦门示范旧码商行",
}


def _persons() -> Iterator[tuple[str, str]]:
    for index in range(SIZE):
        born = date(1950, 1, 1) + timedelta(days=index * 137 % 20_000)
        first_17 = f"{_DIVISIONS[index % len(_DIVISIONS)]}{born:%Y%m%d}{101 + index:03d}"
        name = _SURNAMES[index * 7 % len(_SURNAMES)] + _GIVEN[index * 5 % len(_GIVEN)]
        if index % 3:
            name += _GIVEN[index * 11 % len(_GIVEN)]
        yield complete_resident_id(first_17), name


def _organisations() -> Iterator[tuple[str, str]]:
    for index in range(SIZE // 10):
        code = complete_credit_code(f"91{_DIVISIONS[index % len(_DIVISIONS)]}MA2T{index:04d}0")
        yield code, f"示范{_SURNAMES[index]}氏{_TRADES[index % len(_TRADES)]}有限公司"


PERSONS: Mapping[str, str] = {**dict(_persons()), **_NAMED_PERSONS}
"""Resident identity number → name."""

ORGANISATIONS: Mapping[str, str] = {**dict(_organisations()), **_NAMED_ORGANISATIONS}
"""Credit code → name."""

REPRESENTATIVES: Mapping[str, str] = {
    "91330106MA2DEM0091": "33010619850615002X",
    "N2330106MF00000137": "320106196501010019",
}
"""Credit code → number of the legal representative, of the organisations with names."""
