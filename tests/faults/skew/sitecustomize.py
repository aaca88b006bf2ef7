"""A process whose clock is wrong by ZHONGTAI_FAULTS_SKEW_S seconds. Python loads this from a folder of PYTHONPATH.

With ZHONGTAI_FAULTS_OWN_CLOCKS it learns no other clock: the proof that the skew does harm.
"""
from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from shared_components.kernel.clock import LearnedClock, SystemClock

SKEW = timedelta(seconds=float(os.environ.get("ZHONGTAI_FAULTS_SKEW_S", "0")))

if os.environ.get("ZHONGTAI_FAULTS_OWN_CLOCKS"):
    LearnedClock.learn = lambda self, now: None  # type: ignore[method-assign]
    LearnedClock.age_s = 0.0  # type: ignore[assignment, method-assign]
SystemClock.now = lambda self: datetime.now(UTC) + SKEW  # type: ignore[method-assign]
