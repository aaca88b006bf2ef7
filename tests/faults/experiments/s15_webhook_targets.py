"""S15: webhooks to private, link-local, mapped, redirecting and rebinding addresses; every connection is caught."""
from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.faults import webhook_targets
from tests.faults.caught_network import NoSuchNetwork, run_inside
from tests.faults.lab import Lab
from tests.faults.report import Report

ID, TITLE = "S15", "webhook targets: private, link-local, embedding, redirecting and rebinding addresses"
TARGET = "0 connections to anything but the public address; red with each wall taken away"
OPERATIONS, UNIT = 1, "rounds"


def run(lab: Lab, report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="zhongtai-s15-") as folder:
        try:
            attack(Path(folder), report)
        except NoSuchNetwork as error:
            report.skip(str(error))


def attack(folder: Path, report: Report) -> None:
    """Raises NoSuchNetwork."""
    report.faults = "a name server of the attacker's, endpoints that redirect, a network in which every address answers"
    for kind, found in json.loads(run_inside(webhook_targets.__name__, folder)).items():
        up, off = found["up"], found["off"]
        wrong = [f"connected to {address}" for address in up["inside"]]
        wrong += [f"{kind}: no endpoint was reached"] if kind in webhook_targets.REACHED and not up["public"] else []
        report.add(kind, {"tried": up["tried"], "connections": len(up["inside"]), "to the public address": up["public"],
                          "failures": up["failures"]}, wrong)  # fmt: skip
        report.add_blind(f"{kind}, without the wall", {"connections": len(off["inside"])}, len(off["inside"]))
