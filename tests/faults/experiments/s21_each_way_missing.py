"""S21: every way in with each of its conditions missing: expired, revoked, another department, holder, app, session."""
from __future__ import annotations

from collections import Counter

from shared_components.kernel.errors import AppError
from shared_components.security.authority import Permit
from tests.faults.authority_walls import DECISION, PROOFS, without
from tests.faults.experiments.s26_forged_tickets import ATTEMPTS, is_taken, whole
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.unit.security.authority.questions import GOOD
from tests.unit.security.authority.test_permits import MISSING, asked

ID, TITLE = "S21", "every way in x every way it can be missing"
TARGET = ("each way, token and ticket opens when it is whole, and is refused with any one condition missing (grant, "
          "agreement: refused); red with each wall of the login taken away")
OPERATIONS, UNIT = 1, "rounds"


def run(lab: Lab, report: Report) -> None:
    try_all(report)


def try_all(report: Report) -> None:
    """Every question and every proof; then again, with one wall taken away at a time."""
    report.faults = "one condition of a way in is missing at a time"
    opened = {name: isinstance(asked(question), Permit) for name, question in GOOD.items()}
    opened |= {name: whole(name) for name in ("token", "ticket")}
    report.add("whole", {"ways": len(opened)}, [name for name, is_open in opened.items() if not is_open])
    tried = Counter(_way(name) for name in _names())
    through = open_questions()
    for way, count in tried.items():
        report.add(way, {"missing": count}, [name for name in through if _way(name) == way])
    taken = open_proofs()
    report.add("tokens and tickets", {"missing": len(ATTEMPTS)}, taken)
    for name, changes in DECISION.items():
        with without(changes):
            seen = len(open_questions())
        report.add_blind(f"no wall of {name}", {"taken": seen}, seen)
    for name, changes in PROOFS.items():
        with without(changes):
            seen = len(open_proofs())
        report.add_blind(f"{name} unchecked", {"taken": seen}, seen)


def open_questions() -> list[str]:
    """Name the questions with a condition missing that are answered all the same."""
    return [name for case, name in zip(MISSING, _names(), strict=True)
            if not isinstance(asked(case.values[0]), AppError)]  # type: ignore[arg-type]


def open_proofs() -> list[str]:
    return [name for name in ATTEMPTS if is_taken(name)]


def _names() -> list[str]:
    return [str(case.id) for case in MISSING]


def _way(name: str) -> str:
    return name.partition(": ")[0]
