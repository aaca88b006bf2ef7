"""Recording on SQLite."""
from __future__ import annotations

from tests.unit.evidence_log.recording_suite import Recording


class TestRecording(Recording):
    pass
