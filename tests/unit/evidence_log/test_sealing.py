"""Sealing, verifying, proofs and purging on SQLite."""
from __future__ import annotations

from tests.unit.evidence_log import sealing_suite


class TestSealing(sealing_suite.Sealing):
    pass


class TestAttacks(sealing_suite.Attacks):
    pass


class TestBeforeSealing(sealing_suite.BeforeSealing):
    pass


class TestProofs(sealing_suite.Proofs):
    pass


class TestPurging(sealing_suite.Purging):
    pass


class TestKeyChange(sealing_suite.KeyChange):
    pass
