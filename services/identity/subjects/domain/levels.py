"""Assurance levels: an ordered table for each jurisdiction, and what evidence supports of it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NAME_NUMBER_MATCH = "name-number-match"
PROOF_OF_PRESENCE = "proof-of-presence"
COUNTER_CHECK = "counter-check"
CERTIFICATE = "certificate"
EVIDENCE_KINDS = (NAME_NUMBER_MATCH, PROOF_OF_PRESENCE, COUNTER_CHECK, CERTIFICATE)

Standing = Mapping[str, datetime | None]
"""Confirmed kinds of evidence, each with when it ends (None: it does not)."""


@dataclass(frozen=True)
class LevelRule:
    """evidence: any one of these kinds is enough; none for the lowest level.

    valid_days: how long evidence given for this level counts; None: it does not end.
    """

    level: int
    name: str
    name_en: str
    evidence: tuple[str, ...] = ()
    valid_days: int | None = None


class LevelTable:
    """Levels from 1 without a gap. Each kind of evidence supports one level and, with it, all below.

    An authority checks name and number with whatever else it checks, so a higher kind needs no lower one.
    """

    def __init__(self, jurisdiction: str, rules: Sequence[LevelRule]) -> None:
        self.jurisdiction = jurisdiction
        self.rules = tuple(rules)
        self._rule_of = {kind: rule for rule in self.rules for kind in rule.evidence}
        self._check()

    @property
    def lowest(self) -> int:
        return self.rules[0].level

    def level_of(self, standing: Standing, at: datetime) -> int:
        """The highest level that evidence in force supports."""
        return max((self._rule_of[kind].level for kind, until in standing.items()
                    if kind in self._rule_of and (until is None or at < until)), default=self.lowest)

    def ends_at(self, kind: str, at: datetime) -> datetime | None:
        """When evidence obtained now stops to count."""
        rule = self._rule_of.get(kind)
        return None if rule is None or rule.valid_days is None else at + timedelta(days=rule.valid_days)

    def held_until(self, standing: Standing, level: int, at: datetime) -> datetime | None:
        """When evidence in force stops to support this level; None: it does not, or needs none."""
        ends = [until for kind, until in standing.items()
                if kind in self._rule_of and self._rule_of[kind].level >= level and (until is None or at < until)]
        return None if level <= self.lowest or not ends or None in ends else max(end for end in ends if end)

    def _check(self) -> None:
        levels = [rule.level for rule in self.rules]
        if not levels or levels != list(range(1, len(levels) + 1)):
            raise ValueError(f"levels of {self.jurisdiction} are {levels}; only 1, 2, 3 … without a gap are allowed")
        if self.rules[0].evidence or not all(rule.evidence for rule in self.rules[1:]):
            raise ValueError(f"levels of {self.jurisdiction}: the first needs no evidence, and every other some")
        kinds = [kind for rule in self.rules for kind in rule.evidence]
        if len(kinds) != len(set(kinds)) or not set(kinds) <= set(EVIDENCE_KINDS):
            raise ValueError(
                f"levels of {self.jurisdiction} have evidence {kinds}; allowed, each once, are {EVIDENCE_KINDS}"
            )


DEFAULT_JURISDICTION = "CN"
DEFAULT_RULES = (
    LevelRule(1, "注册用户", "registered"),
    LevelRule(2, "实名核验", "name and number match", (NAME_NUMBER_MATCH,)),
    LevelRule(3, "实人核验", "proof of presence", (PROOF_OF_PRESENCE,)),
    LevelRule(4, "窗口核验或数字证书", "counter or certificate", (COUNTER_CHECK, CERTIFICATE)),
)
