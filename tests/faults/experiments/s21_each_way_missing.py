"""S21: every way in with each of its conditions missing: expired, revoked, another department, holder, app, session."""
from __future__ import annotations

from collections import Counter

from shared_components.kernel.errors import AppError
from shared_components.security.authority import Permit
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.unit.security.authority.questions import GOOD
from tests.unit.security.authority.test_permits import MISSING, asked

ID, TITLE = "S21", "every way in x every way it can be missing"
TARGET = "each way opens when it is whole, and is refused with any one condition missing (grant, agreement: refused)"
OPERATIONS, UNIT = 1, "rounds"


def run(lab: Lab, report: Report) -> None:
    report.faults = "one condition of a way in is missing at a time"
    opened = {name: isinstance(asked(question), Permit) for name, question in GOOD.items()}
    report.add("whole", {"ways": len(opened)}, [name for name, is_open in opened.items() if not is_open])
    tried: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {}
    for case in MISSING:
        (question,), name = case.values, str(case.id)
        way = name.partition(": ")[0]
        tried[way] += 1
        if not isinstance(asked(question), AppError):  # type: ignore[arg-type]
            wrong.setdefault(way, []).append(name)
    for way, count in tried.items():
        report.add(way, {"missing": count}, wrong.get(way, []))
