"""R28: the primary of two databases is killed under load, and Patroni promotes its standby."""
from __future__ import annotations

import random
import time

from tests.faults.clusters import RECOVERY_S, two_databases, under_load
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report

ID, TITLE = "R28", "database primary killed -9 under load, the synchronous standby promoted"
TARGET = "0 lost, 0 doubled, 0 stuck, 0 phantom; serving within 30 s of each kill; clients heal by themselves"
OPERATIONS, UNIT = 2, "kills"
JOIN_S = 60.0


def run(lab: Lab, report: Report) -> None:
    kill_primaries(lab, report)


def kill_primaries(lab: Lab, report: Report) -> None:
    report.faults = "SIGKILL of PostgreSQL and its Patroni at once; the node joins again as the standby"
    chance = random.Random(report.seed)
    promoted, wrong = 0, list[str]()
    with two_databases(lab) as (databases_lab, databases), under_load(databases_lab, report.id) as load:
        with load.going_on():
            for number in range(report.operations):
                time.sleep(chance.uniform(1.0, 3.0))
                killed = databases.primary
                if killed is None or not wait_for(databases.is_synchronous, JOIN_S):
                    wrong.append("no primary with a synchronous standby")
                    break
                load.recovered_after(killed.kill)
                now = databases.primary
                promoted += now is not None and now is not killed
                if number + 1 < report.operations:
                    databases.start()
        load.tell(report)
        wrong += [] if promoted == report.operations else [f"promoted {promoted} times"]
        report.add("databases", {"kills": report.operations, "promoted": promoted, "limit s": RECOVERY_S}, wrong)
