"""Messages to the contacts of an account: codes, and warnings of changes. Sent outside of any transaction."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.credentials.domain.credential import CODE
from services.identity.credentials.domain.messages import CHANGES, CODE_MESSAGE, LOCALES, WARNING_MESSAGE
from services.identity.credentials.domain.ports import (
    CodeSender,
    HasChallenges,
    HasCodeSendings,
    HasCredentialPolicy,
    HasKeyedHashes,
)
from services.identity.subjects.domain.ports import HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.transactions import Begins, HasClock


class DeliverCodeTx(
    HasChallenges, HasClock, HasCodeSendings, HasCredentialPolicy, HasKeyedHashes, HasSubjects, Protocol,
):
    """The transaction of finding out where a code goes."""


@dataclass(frozen=True, slots=True)
class _Letter:
    address: str
    locale: str
    code: str
    minutes: int


def deliver_code(transactions: Begins[DeliverCodeTx], sender: CodeSender, population: str, challenge_id: str) -> None:
    """Send a challenge's code, if somebody has the identifier. Doing it again sends the same message once."""
    with transactions.begin(population) as tx:
        letter = _letter(tx, population, challenge_id)
    if letter is not None:
        sender.send(
            tenant=population, address=letter.address, locale=letter.locale, template=CODE_MESSAGE,
            values={"code": letter.code, "minutes": str(letter.minutes)}, key=challenge_id)


def _letter(tx: DeliverCodeTx, population: str, challenge_id: str) -> _Letter | None:
    rules, now = tx.credential_policy.codes, tx.clock.now()
    challenge = tx.challenges.get(challenge_id)
    if challenge is None or challenge.purpose != CODE or challenge.expires_at <= now or challenge.subject_id is None:
        return None
    subject = tx.subjects.get(population, challenge.subject_id)
    if subject is None or subject.email is None:
        return None
    code = tx.keyed_hashes.code(challenge_id, rules.digits)
    if not tx.keyed_hashes.matches(challenge_id, challenge.secret, code):
        # The master key has changed since the challenge was made: its code is lost, and a new one can be asked for.
        return None
    # By contact, too: an account has several identifiers. The refusal is not told, since it would tell who has them.
    if tx.code_sendings.take(population, "contact", subject.email.casefold(), rules.rates, now, key=challenge_id):
        return None
    return _Letter(subject.email, _locale(subject), code, int(rules.lifetime.total_seconds() // 60))


def warn_contacts(
    transactions: Begins[HasSubjects], sender: CodeSender, population: str, subject_id: str, what: str, *, at: datetime,
    key: str,
) -> None:
    """Tell the account's contacts of a change. key: of the event, so that it is told once."""
    with transactions.begin(population) as tx:
        subject = tx.subjects.get(population, subject_id)
    if subject is None or subject.email is None:
        return
    locale = _locale(subject)
    sender.send(
        tenant=population, address=subject.email, locale=locale, template=WARNING_MESSAGE,
        values={"what": CHANGES[what][locale], "at": f"{at:%Y-%m-%d %H:%M}"}, key=key)


def _locale(subject: Subject) -> str:
    return subject.locale if subject.locale in LOCALES else LOCALES[0]
