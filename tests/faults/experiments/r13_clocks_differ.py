"""R13: clocks of identity, a service and the gateway differ by ten minutes; tokens are shown early, in time, late."""
from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from shared_components.security.tokens import LEEWAY_S
from tests.faults.lab import Lab
from tests.faults.logins import Logins, called, until_taken
from tests.faults.report import Report
from tests.faults.revocations import SERVICE, City
from tests.faults.token_attacks import Genuine

ID, TITLE = "R13", "clocks of processes differ by ten minutes in either direction"
TARGET = f"no token is taken earlier or later than its times and {LEEWAY_S} s; red where each process has its own clock"
OPERATIONS, UNIT = 1, "rounds"
SKEW = Path(__file__).parents[1] / "skew"
SKEWS = (
    {"identity": 0, SERVICE: 600, "gateway": -600}, {"identity": 600, SERVICE: -600, "gateway": 600},
    {"identity": -600, SERVICE: 600, "gateway": 0},
)
MARGIN_S = 5
"""A call takes less than this."""
EDGE = LEEWAY_S + MARGIN_S
WINDOWS: Mapping[str, tuple[int, int, bool]] = {
    "issued just now": (0, 600, True), "a minute old": (-60, 540, True), "a minute left": (-540, 60, True),
    "nine minutes over": (-1140, -540, False), "a minute over": (-660, -60, False),
    "over by more than the leeway": (-600 - EDGE, -EDGE, False),
    "begins in nine minutes": (540, 1140, False), "begins in a minute": (60, 660, False),
    "begins after more than the leeway": (EDGE, 600 + EDGE, False),
}
"""Seconds from now to its beginning and to its end, and whether it may be taken."""


def run(lab: Lab, report: Report) -> None:
    for number, skews in enumerate(SKEWS):
        wrong = show(lab, f"R13-{number}", skews)
        report.add(", ".join(f"{name} {skew:+d} s" for name, skew in skews.items()),
                   {"shown": 2 * len(WINDOWS), "wrong": len(wrong)}, wrong)
    seen = show(lab, "R13-own", SKEWS[0], own_clocks=True)
    report.add_blind("each process goes by its own clock", {"wrong": len(seen)}, len(seen))


def show(lab: Lab, name: str, skews: Mapping[str, int], *, own_clocks: bool = False) -> list[str]:
    """Show tokens of all ages at processes with these clocks; gives what was taken or refused wrongly."""
    environment = {"ZHONGTAI_FAULTS_OWN_CLOCKS": "1"} if own_clocks else {}
    with tempfile.TemporaryDirectory(prefix="zhongtai-r13-") as folder, \
            lab.world(name, "identity", SERVICE, bus=None, PYTHONPATH=str(SKEW), **environment) as world:
        city = City(world, Path(folder), {each: {"ZHONGTAI_FAULTS_SKEW_S": str(skew)} for each, skew in skews.items()})
        logins, client = Logins(city), httpx.Client()
        try:
            given = logins.issue(logins.open(), "app-hall")
            if own_clocks:
                city.until("started", _started, city)
            else:
                until_taken(city.port, city.key, given.access_token, client)
                city.until("ok", city.on_the_bus, given.access_token)
            return _shown(city, logins.genuine(given.access_token), client)
        finally:
            client.close()
            logins.close()


def _shown(city: City, genuine: Genuine, client: httpx.Client) -> list[str]:
    ways: dict[str, Callable[[str], Any]] = {
        "over HTTP": lambda token: called(city.port, city.key, token, client)[1],
        "over AMQP": city.on_the_bus,
    }
    wrong = []
    for name, (begins_s, ends_s, may) in WINDOWS.items():
        for way, show in ways.items():
            now = datetime.now(UTC)
            token = genuine.sign({
                **genuine.claims, "iat": int((now + timedelta(seconds=begins_s)).timestamp()),
                "exp": int((now + timedelta(seconds=ends_s)).timestamp())}, "at+jwt")
            code = show(token)
            if (code == "ok") != may:
                wrong.append(f"{name}, {way}: {code}")
    return wrong


def _started(city: City) -> str:
    try:
        return "started" if city.over_http() == "ok" else "not yet"
    except AssertionError:
        return "not yet"
