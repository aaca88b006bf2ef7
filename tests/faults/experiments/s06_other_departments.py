"""S6: every method with every id of another department's and another person's things, in shared coalesced messages."""
from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.faults.lab import Lab
from tests.faults.report import Report

ID, TITLE = "S6", "every method x two departments x two subjects x every id, in shared coalesced messages"
TARGET = "nothing seen or changed without a basis, on both databases, also without row security; red without permits"
OPERATIONS, UNIT = 1, "rounds"
# Services whose rows permits open: with permits off each must be seen to let strangers through.
OPENED_BY_PERMITS = ("elicence", "matter", "notification", "payment")
WALLS = (("PostgreSQL", ""), ("PostgreSQL, row security off", "row-security"), ("SQLite", ""))


def run(lab: Lab, report: Report) -> None:
    report.faults = "apps of another department, citizens, officers and portals that name what is not theirs"
    for name, off in WALLS:
        seen = _story(lab, name, off)
        wrong = [*seen["through"], *seen["changed"]]
        wrong += [f"refused: {what}" for what, allowed in seen["allowed"].items() if not allowed]
        report.add(name, {
            "calls": seen["requests"], "methods": len(seen["reached"]), "shared groups": seen["shared"],
            "crossed": len(seen["through"]),
        }, wrong)
    for name in ("PostgreSQL", "SQLite"):
        crossed = crossed_by_service(_story(lab, name, "permits")["through"])
        for service in OPENED_BY_PERMITS:
            report.add_blind(f"permits off, {name}, {service}", {"crossed": crossed[service]}, crossed[service])
        others = {service: count for service, count in crossed.items() if service not in OPENED_BY_PERMITS}
        report.add(f"permits off, {name}, not required", dict(others))


def crossed_by_service(through: Iterable[str]) -> Counter[str]:
    """Count by service what strangers got through. through: lines `actor: service.method …`."""
    return Counter(line.split(": ", 2)[1].split(".")[0] for line in through)


def _story(lab: Lab, name: str, off: str) -> Any:
    with tempfile.TemporaryDirectory(prefix="zhongtai-s6-") as folder:
        if name == "SQLite":
            return _seen(f"sqlite:///{Path(folder) / 'zhongtai.db'}", folder, off)
        database = f"s6_{Path(folder).name.replace('-', '_').lower()}"
        try:
            return _seen(lab.postgres.create_database(database), folder, off)
        finally:
            lab.postgres.drop_database(database)


def _seen(database_url: str, folder: str, off: str) -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.cases.departments_story", "inproc://", database_url, folder,
               off]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])
