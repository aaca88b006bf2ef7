"""Sign in by a code that is sent to a contact of the account."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.credential import CODE, Challenge
from services.identity.credentials.domain.errors import CodeChannelNotBuilt, CodeRefused, TooManyCodes
from services.identity.credentials.domain.identifiers import meant_by
from services.identity.credentials.domain.policy import BUILT
from services.identity.credentials.domain.ports import HasChallenges, HasCodeSendings, HasKeyedHashes
from services.identity.credentials.domain.proof import CODE as BY_CODE
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.admission import AdmissionTx, refusal_of
from services.identity.credentials.usecases.events import emit_code_requested, record_proved, record_refused
from services.identity.credentials.usecases.guessing import GuessTx, take_address
from services.identity.subjects.domain.documents import china_today
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import Begins, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SendCodeTx(GuessTx, HasChallenges, HasCodeSendings, HasEvents, HasKeyedHashes, Protocol):
    """The transaction of asking for a code."""


class ProveCodeTx(AdmissionTx, EvidenceTx, GuessTx, HasChallenges, HasKeyedHashes, Protocol):
    """The transaction of showing a code."""


@dataclass(frozen=True, slots=True)
class SendCode:
    """channel: email or sms. binding: the interaction; the code counts there only. See Guess for the others."""

    realm_id: str
    identifier: str = field(repr=False)
    channel: str
    binding: str = field(repr=False)
    device: str | None = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The same whether somebody gets a code or not."""

    challenge_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ProveCode:
    realm_id: str
    challenge_id: str
    code: str = field(repr=False)
    binding: str = field(repr=False)
    device: str | None = field(repr=False)
    address: str = field(repr=False)


def send_code(transactions: Begins[SendCodeTx], command: SendCode, context: CallContext) -> CodeSent:
    """Have a code sent to the account's contact, after the commit; an identifier that leads to nobody is told the same.

    Raises TooManyCodes, TooManyAttempts, CodeChannelNotBuilt.
    """
    if command.channel not in BUILT:
        raise CodeChannelNotBuilt(Bilingual(
            f"channel is '{command.channel[:16]}'; only {', '.join(BUILT)} is built yet",
            f"渠道为“{command.channel[:16]}”；目前只支持 {'、'.join(BUILT)}"))
    with transactions.begin(command.realm_id) as tx:
        now, population = tx.clock.now(), command.realm_id
        meant = meant_by(command.identifier, tx.policy.documents, today=china_today(now))
        take_address(tx, population, tx.credential_policy.limits, command.address, now)
        _take(tx, population, "identifier", meant.text)
        return _ask(tx, population, tx.accounts.find(population, meant), command.binding)


def send_code_to(tx: SendCodeTx, population: str, subject_id: str, binding: str) -> CodeSent:
    """Have a code sent to a person whose session it is. Raises TooManyCodes."""
    _take(tx, population, "subject", subject_id)
    return _ask(tx, population, subject_id, binding)


def _take(tx: SendCodeTx, population: str, kind: str, value: str) -> None:
    wait_s = tx.code_sendings.take(population, kind, value, tx.credential_policy.codes.rates, tx.clock.now())
    if wait_s:
        raise TooManyCodes(details={"retry_after_s": wait_s})


def _ask(tx: SendCodeTx, population: str, subject_id: str | None, binding: str) -> CodeSent:
    now, rules, challenge_id = tx.clock.now(), tx.credential_policy.codes, new_id("chl")
    hashed = tx.keyed_hashes.of(challenge_id, tx.keyed_hashes.code(challenge_id, rules.digits))
    challenge = Challenge(challenge_id, population, CODE, subject_id, hashed, now, now + rules.lifetime)
    tx.challenges.add(challenge, binding=binding)
    emit_code_requested(tx, population, challenge_id)
    return CodeSent(challenge_id, challenge.expires_at)


def prove_code(transactions: Begins[ProveCodeTx], command: ProveCode, context: CallContext) -> Proof:
    """Raises CodeRefused, SignInRefused, TooManyAttempts, GuardianConsentNeeded."""
    with transactions.begin(command.realm_id) as tx:
        take_address(tx, command.realm_id, tx.credential_policy.limits, command.address, tx.clock.now())
        outcome = _judge(tx, command, context)
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


def _judge(tx: ProveCodeTx, command: ProveCode, context: CallContext) -> Proof | AppError:
    now, population, policy = tx.clock.now(), command.realm_id, tx.credential_policy
    challenge = tx.challenges.try_once(
        command.challenge_id, binding=command.binding, most=policy.codes.tries, at=now)
    subject_id = None if challenge is None else challenge.subject_id
    if challenge is None or challenge.purpose != CODE or subject_id is None or not tx.keyed_hashes.matches(
        challenge.challenge_id, challenge.secret, command.code.strip(),
    ):
        record_refused(tx, context, population, subject_id, BY_CODE)
        return CodeRefused()
    tx.challenges.end(challenge.challenge_id, now)
    refusal = refusal_of(tx, population, subject_id)
    if refusal is not None:
        record_refused(tx, context, population, subject_id, BY_CODE, reason=refusal.code)
        return refusal
    tx.attempts.give_back(population, policy.limits.address, command.address)
    if command.device:
        tx.devices.remember(population, subject_id, command.device, now)
    record_proved(tx, context, population, subject_id, BY_CODE)
    return Proof(subject_id, BY_CODE, now)
