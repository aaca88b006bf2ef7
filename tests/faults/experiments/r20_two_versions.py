"""R20: the old and the new version serve side by side, in both orders."""
from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from itertools import islice

from sqlalchemy import create_engine, text

from tests.faults.account import resolve
from tests.faults.compare import compare
from tests.faults.journeys import Journey
from tests.faults.lab import Lab
from tests.faults.load import begun, wait_for
from tests.faults.old_version import NoOldVersion
from tests.faults.report import Report
from tests.faults.two_version_payments import Payments
from tests.faults.upgrading import Upgrade, upgrade

ID, TITLE = "R20", "old and new version side by side, both orders"
TARGET = "0 errors, 0 lost, 0 doubled; cases begun with one version end with the other; every process exits with 0"
OPERATIONS, UNIT = 400, "payments"
PHASES = 10
CASES = 2
DRAIN_S = 60.0


# What a migration must not do while the old version serves: a column that it writes is gone.
BREAKS = "ALTER TABLE payment.orders RENAME COLUMN reference TO note"


def run(lab: Lab, report: Report) -> None:
    roll(lab, report)
    if not report.skipped:
        prove(lab, report)


def prove(lab: Lab, report: Report) -> None:
    """A migration that the old version cannot bear must be seen."""
    few = Report(ID, TITLE, TARGET, report.seed, PHASES * 4)
    with upgrade(lab, f"{ID}-proof") as made:
        Rolling(made, few, 0).migrate_wrongly()
    failed = sum(int(row.counts["failed"]) for row in few.rows)
    report.add_blind("a column of the old version is gone", {"failed": failed}, failed)


def roll(lab: Lab, report: Report, *, cases: int = CASES, quiet: bool = True) -> None:
    """cases: begun in each phase. quiet: with phases between, in which nothing changes."""
    report.faults = "migrated under load; new processes join, old leave, old join again, new leave; SIGTERM each time"
    try:
        with upgrade(lab, report.id) as made:
            Rolling(made, report, cases).run(quiet=quiet)
    except NoOldVersion as reason:
        report.skip(str(reason))


class Rolling:
    """Phases of a rolling upgrade and of its way back, with payments and cases going on in all of them."""

    def __init__(self, made: Upgrade, report: Report, cases: int) -> None:
        self._made, self._report, self._cases = made, report, cases
        self._payments = Payments(made, random.Random(report.seed))
        self._each = max(4, report.operations // PHASES)
        self._open: list[Journey] = []
        self._ended: list[Journey] = []
        self._people = iter(range(PHASES * cases))

    def run(self, *, quiet: bool) -> None:
        made = self._made
        self._phase("old alone", lambda: None)
        self._phase("migrated, definitions loaded", self._migrate)
        self._phase("new joins", lambda: made.join(made.new))
        if quiet:
            self._phase("both", lambda: None)
        self._phase("old leaves", lambda: made.leave(made.old))
        if quiet:
            self._phase("new alone", lambda: None)
        self._phase("old joins again", lambda: made.join(made.old))
        self._phase("new leaves", lambda: made.leave(made.new), last=not quiet)
        if quiet:
            self._phase("old alone again", lambda: None, last=True)
        self._phase("new joins at the end", lambda: made.join(made.new), last=True)
        self._account()

    def migrate_wrongly(self) -> None:
        """The old version alone, before and after a migration that breaks it."""
        self._phase("old alone", lambda: None)
        self._phase("migrated wrongly", self._break, last=True)

    def _break(self) -> None:
        engine = create_engine(self._made.world.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(BREAKS))
        engine.dispose()

    def _migrate(self) -> None:
        self._made.migrate(self._made.new)
        self._made.load_definitions()

    def _phase(self, name: str, change: Callable[[], None], *, last: bool = False) -> None:
        """Pay and go on with cases while something changes: those begun in the phase before end in this one."""
        before = len(self._payments.account.operations)
        waiting, self._open = self._open, []
        beginning = [] if last else self._journeys()
        steps = [*(one.end for one in waiting), *(one.begin for one in beginning)]
        threads = [threading.Thread(target=step, daemon=True) for step in steps]
        keys = [f"{name.replace(' ', '-').replace(',', '')}-{number}" for number in range(self._each)]
        with begun(keys, self._payments.pay, threads=4):
            for thread in threads:
                thread.start()
            change()
        for thread in threads:
            thread.join(120)
        self._ended += waiting
        self._open = beginning
        done = self._payments.account.operations[before:]
        failed = [one for one in done if one.outcome == "failed"]
        counts = {"ok": sum(one.outcome == "ok" for one in done), "failed": len(failed)}
        wrong = [f"{dict(Counter(one.code for one in failed))}"] if failed else []
        self._report.add(name, counts, wrong)

    def _journeys(self) -> list[Journey]:
        people = islice(self._people, self._cases)
        return [Journey(self._made, f"case-{self._report.seed}-{person}", person) for person in people]

    def _account(self) -> None:
        payments = self._payments
        resolve(payments.account, payments.ask_again)
        found = compare(payments.account, payments.orders())
        self._report.add("payments", found.counts, found.wrong)
        self._report.add("again under the same id", dict(payments.repetitions), payments.wrong_repetitions)
        wrong = [f"{one.name}: {one.error}" for one in self._ended if one.error]
        self._report.add("cases across phases", {"ok": len(self._ended) - len(wrong), "failed": len(wrong)}, wrong)
        wait_for(lambda: not any(payments.missing().values()), DRAIN_S)
        missing = payments.missing()
        wrong = [f"{count} {what}" for what, count in missing.items() if count]
        self._report.add("what follows a payment", missing, wrong)
        codes = [*self._made.old.exit_codes, *self._made.new.exit_codes]
        self._report.add("processes", {"left": len(codes)}, [f"exit code {code}" for code in codes if code])


