"""S19: keys that sign tokens, and keys of apps, are replaced again and again while apps call and refresh."""
from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import httpx

from services.identity.sessions.domain.signing_key import PUBLISHED_BEFORE
from services.identity.sessions.usecases.keys import rotate_key
from shared_components.kernel.errors import AppError
from shared_components.security.tokens import key_id_of
from tests.faults.lab import Lab
from tests.faults.logins import Logins, called, until_taken
from tests.faults.report import Report
from tests.faults.revocations import SERVICE, City

ID, TITLE = "S19", "keys of the login and of apps replaced under load"
TARGET = "no request fails; each new key signs; red where a key signs before verifiers have it"
OPERATIONS, UNIT = 4, "rotations"
APPS, WAIT_S = 3, 1.0


def run(lab: Lab, report: Report) -> None:
    report.faults = "a new signing key and a new app key each few seconds"
    counts, wrong = rotate(lab, "S19", report.operations)
    report.add("rotations under load", counts, wrong)
    with patch.object(Logins, "rotate", _unpublished):
        _, wrong = rotate(lab, "S19-blind", 2)
    report.add_blind("a key that nobody was told of", {"failed": len(wrong)}, len(wrong))


def _unpublished(logins: Logins) -> None:
    """Make a key, and tell no verifier."""
    def unheard(tx: object) -> None:
        with patch.object(type(tx.signing_keys._feed), "key", lambda *_: None):  # type: ignore[attr-defined]
            rotate_key(tx, logins.realm, None)  # type: ignore[arg-type]

    logins.run(unheard)


class App(threading.Thread):
    """An app that calls with its token, and refreshes each few calls."""

    def __init__(self, city: City, logins: Logins) -> None:
        super().__init__(daemon=True)
        self.city, self.logins = city, logins
        self.stopping = threading.Event()
        self.seen: Counter[str] = Counter()
        self.kids: set[str] = set()
        self.given = logins.issue(logins.open(), "app-hall")

    def run(self) -> None:
        with httpx.Client() as client:
            while not self.stopping.is_set():
                self._once(client)

    def _once(self, client: httpx.Client) -> None:
        try:
            self.kids.add(key_id_of(self.given.access_token))
            self.seen[called(self.city.port, self.city.key, self.given.access_token, client)[1]] += 1
            self.given = self.logins.refresh(self.given.refresh_token, "app-hall")
            self.seen["refreshed"] += 1
        except (AppError, httpx.TransportError) as error:
            self.seen[type(error).__name__] += 1
        time.sleep(0.05)


def rotate(lab: Lab, name: str, times: int) -> tuple[dict[str, int], list[str]]:
    """Replace keys under load; gives counts, and what failed."""
    with tempfile.TemporaryDirectory(prefix="zhongtai-s19-") as folder, lab.world(name, "identity", SERVICE) as world:
        city = City(world, Path(folder))
        logins = Logins(city)
        apps = [App(city, logins) for _ in range(APPS)]
        with httpx.Client() as client:
            until_taken(city.port, city.key, apps[0].given.access_token, client)
        for app in apps:
            app.start()
        for _ in range(times):
            logins.rotate()
            _change_app_key(city)
            time.sleep(PUBLISHED_BEFORE.total_seconds() + WAIT_S)
        for app in apps:
            app.stopping.set()
        for app in apps:
            app.join(30)
        logins.close()
    seen: Counter[str] = sum((app.seen for app in apps), Counter())
    kids = set[str]().union(*(app.kids for app in apps))
    failed = {code: count for code, count in seen.items() if code not in ("ok", "refreshed")}
    wrong = [f"{count} requests failed with {code}" for code, count in failed.items()]
    wrong += [] if len(kids) == times + 1 else [f"{len(kids)} keys have signed; {times + 1} should have"]
    counts = {"calls": seen["ok"], "refreshes": seen["refreshed"], "keys": len(kids), "failed": sum(failed.values())}
    return counts, wrong


def _change_app_key(city: City) -> None:
    """As an app team does: a second key, then the app uses it, then the first is revoked."""
    old = city.key_id
    issued = city.ask("issue_app_key", app="app-hall", environment="sandbox")
    city.key, city.key_id = issued["key"], issued["key_id"]
    time.sleep(WAIT_S)
    city.ask("revoke_app_key", app="app-hall", key_id=old)
