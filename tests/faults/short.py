"""Parts that the short forms of experiments share. They are several files: the tests of one file run in one process."""
from __future__ import annotations

from types import ModuleType

from tests.faults.report import Report

SEED = 20_260_101


def report_of(experiment: ModuleType, operations: int) -> Report:
    return Report(experiment.ID, experiment.TITLE, experiment.TARGET, SEED, operations)
