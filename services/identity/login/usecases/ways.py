"""Ways to raise a login's assurance level, and what each is called."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from services.identity.credentials.domain.credential import ACTIVE, PASSWORD, TOTP
from services.identity.credentials.domain.ports import HasCredentials
from services.identity.login.usecases.standing import Reached
from services.identity.login.usecases.views import ChoiceView
from services.identity.sessions.domain.methods import supported_level
from services.identity.subjects.domain.levels import COUNTER_CHECK
from services.identity.subjects.domain.ports import HasPolicy
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.bilingual import Bilingual, in_locale

BY_PASSWORD, BY_CODE, BY_TOTP = "password", "code", "totp"
EVIDENCE = "evidence:"
FACTORS = {
    BY_PASSWORD: (Bilingual("By password", "登录密码"), "pwd"),
    BY_CODE: (Bilingual("By a one-time code", "一次性验证码"), "otp"),
    BY_TOTP: (Bilingual("By the code of your authenticator app", "身份验证器动态码"), "otp"),
}
EVIDENCE_LABELS = {
    "name-number-match": Bilingual(
        "Compare name and document number with the authority's register", "与权威机构核对姓名和证件号码"),
    "proof-of-presence": Bilingual("Scan your face with the authority", "在权威机构刷脸核验"),
    "certificate": Bilingual("Show your digital certificate", "出示数字证书"),
}
UNNAMED = Bilingual("Confirm with the authority", "通过权威机构核验")
AT_A_COUNTER = Bilingual(
    "No program at hand? Any service counter checks your document.", "没有相应程序的，可持证件到任一办事窗口核验。")


class WaysTx(HasCredentials, HasPolicy, Protocol):
    """The transaction of looking for ways."""


def ways(tx: WaysTx, reached: Reached, locale: str) -> list[ChoiceView]:
    """Ways that lead on: factors where the sign-in is too weak, evidence where the person is too little known."""
    if reached.subject is None:
        return []
    needed = reached.standing.needed
    found = [*_evidence(tx, needed, locale)] if reached.evidence < needed else []
    if supported_level(reached.amr) < needed:
        found += _factors(tx, reached, reached.subject, locale)
    return found


def _evidence(tx: WaysTx, needed: int, locale: str) -> Iterator[ChoiceView]:
    """Each kind of evidence that reaches the level, the lowest first. What is checked at a counter is not for pages."""
    for rule in tx.policy.levels.rules:
        for kind in rule.evidence if rule.level >= needed else ():
            if kind != COUNTER_CHECK:
                label = EVIDENCE_LABELS.get(kind, UNNAMED)
                yield ChoiceView(EVIDENCE + kind, in_locale(label, locale), in_locale(AT_A_COUNTER, locale))


def _factors(tx: WaysTx, reached: Reached, subject: Subject, locale: str) -> Iterator[ChoiceView]:
    kinds = {each.kind for each in tx.credentials.of(subject.subject_id) if each.state == ACTIVE}
    offered = {BY_PASSWORD: PASSWORD in kinds, BY_TOTP: TOTP in kinds, BY_CODE: bool(subject.email)}
    for way, (label, method) in FACTORS.items():
        if offered[way] and method not in reached.amr:
            yield ChoiceView(way, in_locale(label, locale))
