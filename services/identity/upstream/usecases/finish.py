"""Finish a sign-in at another provider: redeem the code outside of any transaction, then find, link or register."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.proof import UPSTREAM, Proof
from services.identity.subjects.domain import states
from services.identity.subjects.domain.errors import AlreadyRegistered
from services.identity.subjects.domain.ports import Confirmation
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.usecases.evidence import AddEvidenceTx, count_evidence
from services.identity.upstream.domain.answers import answer_of
from services.identity.upstream.domain.errors import LinkTaken, UpstreamNotLinked, UpstreamRefused, UpstreamSignInOver
from services.identity.upstream.domain.ports import HasSignIns, Link, Waiting
from services.identity.upstream.domain.provider import Answer, ProviderPolicy, Providers, UpstreamPerson
from services.identity.upstream.usecases.accounts import account_by_document, is_same_person
from services.identity.upstream.usecases.organisations import OrganisationsTx, represent
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SIGNED_IN, LINKED, REFUSED = "upstream-signed-in", "upstream-linked", "upstream-refused"


class FinishTx(OrganisationsTx, AddEvidenceTx, HasSignIns, Protocol):
    """The transactions of finishing."""


@dataclass(frozen=True, slots=True)
class FinishUpstream:
    """query: with which the browser came back. binding: the login's interaction in that browser."""

    provider: str
    query: str = field(repr=False)
    binding: str


def finish_upstream(
    transactions: Begins[FinishTx], providers: Providers, command: FinishUpstream, context: CallContext,
) -> Proof:
    """The proof of the person who signed in there.

    Raises ProviderUnknown, ProviderNotConfigured, ProviderUnavailable, UpstreamRefused, UpstreamSignInOver,
    UpstreamNotLinked, LinkTaken.
    """
    provider, answer = providers.get(command.provider), answer_of(command.query)
    with transactions.begin(context.tenant) as tx:
        now = tx.clock.now()
        waiting = tx.upstream_sign_ins.take(answer.state, provider=command.provider, binding=command.binding, at=now)
    if waiting is None:
        raise UpstreamSignInOver
    _require_code(answer)
    person = provider.person(waiting.sign_in, answer, at=now)
    try:
        return _signed_in(transactions, provider.policy, waiting, person, context)
    except (LinkTaken, AlreadyRegistered) as race:
        if waiting.subject_id is not None and isinstance(race, LinkTaken):
            raise
        # Two first sign-ins of one person or organisation at the same moment: the other one has made it.
        return _signed_in(transactions, provider.policy, waiting, person, context)


def _require_code(answer: Answer) -> None:
    if answer.code is None:
        # The provider's own word is not repeated: it comes through the browser.
        raise UpstreamRefused(Bilingual(
            "the provider sent an error instead of a code", "该渠道返回了错误"), details={"reason": "denied"})


def _signed_in(
    transactions: Begins[FinishTx], policy: ProviderPolicy, waiting: Waiting, person: UpstreamPerson,
    context: CallContext,
) -> Proof:
    with transactions.begin(context.tenant) as tx:
        subject = _account(tx, policy, waiting, person, context)
        _count(tx, policy, person, subject, context)
        represent(tx, policy, person, subject, context)
        now = tx.clock.now()
        tx.record_evidence(
            context, owner=waiting.population, action=SIGNED_IN, about=subject.subject_id, basis="holder",
            details={"provider": policy.name, "acr": person.acr})
        return Proof(subject.subject_id, UPSTREAM, now)


def _account(
    tx: FinishTx, policy: ProviderPolicy, waiting: Waiting, person: UpstreamPerson, context: CallContext,
) -> Subject:
    key = tx.upstream_links.key_of(waiting.population, person.issuer, person.upstream_id)
    link = tx.upstream_links.find(waiting.population, key)
    if link is not None:
        if waiting.subject_id not in (None, link.subject_id):
            raise LinkTaken
        tx.upstream_links.used(link.link_id, tx.clock.now())
        return _active(tx.subjects.get(context.tenant, link.subject_id))
    if waiting.subject_id is not None:
        subject = _active(tx.subjects.get(context.tenant, waiting.subject_id))
    else:
        subject = account_by_document(tx, policy, person, context)
    _link(tx, policy, waiting, key, subject, context)
    return subject


def _link(
    tx: FinishTx, policy: ProviderPolicy, waiting: Waiting, key: str, subject: Subject, context: CallContext,
) -> None:
    now = tx.clock.now()
    link = Link(new_id("upl"), waiting.population, policy.name, key, subject.subject_id, now, now)
    tx.upstream_links.add(link)
    tx.record_evidence(
        context, owner=waiting.population, action=LINKED, about=subject.subject_id, basis="holder",
        details={"provider": policy.name, "link_id": link.link_id})


def _count(
    tx: FinishTx, policy: ProviderPolicy, person: UpstreamPerson, subject: Subject, context: CallContext,
) -> None:
    """Count the provider's level as evidence, where the account has no evidence of this kind in force.

    Only for the very document and name that the account has: a link alone may join two different persons.
    """
    kind = policy.levels.get(person.acr or "")
    now = tx.clock.now()
    if kind is None or not is_same_person(tx, policy, person, subject):
        return
    until = subject.standing.get(kind, now)
    if until is None or until > now:
        return
    count_evidence(tx, kind, context, Confirmation(policy.name, person.receipt), subject.subject_id)


def _active(subject: Subject | None) -> Subject:
    if subject is None or subject.state != states.ACTIVE:
        raise UpstreamNotLinked
    return subject
