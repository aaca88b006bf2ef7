"""A person's own consents to apps: list them, and revoke them."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.openid.domain import states
from services.identity.openid.domain.consent import Consent
from services.identity.openid.domain.errors import ConsentNotFound
from services.identity.openid.domain.ports import HasConsents
from services.identity.openid.domain.scopes import title_of
from services.identity.sessions.domain.reasons import CONSENT_REVOKED
from services.identity.sessions.usecases.end_session import RevokeGrantsTx, revoke_these
from services.identity.subjects.domain.ports import HasPopulations
from shared_components.kernel.bilingual import in_locale
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

REVOKED = "consent.revoked"
CONSENTS = PagedList[str]("identity.list_consents", str)


class ListConsentsTx(HasConsents, HasPopulations, Protocol):
    """The transaction of listing consents."""


class RevokeConsentTx(HasConsents, HasPopulations, RevokeGrantsTx, Protocol):
    """The transaction of revoking a consent."""


@dataclass(frozen=True, slots=True)
class ListConsents:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeConsent:
    """scope: None is all that the app was allowed."""

    app: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentView:
    app: str
    scope: str
    scope_title: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class RevokedView:
    app: str
    revoked: int


def list_consents(tx: ListConsentsTx, command: ListConsents, context: CallContext) -> PageView[ConsentView]:
    """A page of what the person of the session lets apps see, by app and scope."""
    realm, holder = _whose(tx, context)
    page = CONSENTS.asked(command, realm, holder)
    after = None if page.after is None else tuple(page.after.split(" ", 1))
    found = tx.consents.page(realm, holder, after=after, limit=page.fetch)  # type: ignore[arg-type]
    return page.view(
        found, view=lambda each: _view(each, context.locale), key=lambda each: f"{each.client_id} {each.scope}")


def revoke_consent(tx: RevokeConsentTx, command: RevokeConsent, context: CallContext) -> RevokedView:
    """Revoke consents to an app, with what it holds of the person. Raises ConsentNotFound."""
    realm, holder = _whose(tx, context)
    now = tx.clock.now()
    ending = [
        each for each in tx.consents.of_client(realm, holder, command.app)
        if each.state == states.ACTIVE and command.scope in (None, each.scope)]
    if not ending:
        raise ConsentNotFound
    for each in ending:
        tx.consents.save(each.revoked(now))
    # Tokens state their scopes: the app gets new ones by a new login, which asks again.
    own = [each for each in tx.grants.active(subject_id=holder, app=command.app) if each.acts_for is None]
    of_agents = tx.grants.active(principal_id=holder, app=command.app)
    revoke_these(tx, [*own, *of_agents], CONSENT_REVOKED, context)
    tx.record_evidence(
        context, owner=realm, action=REVOKED, about=holder, basis="holder",
        details={"app": command.app, "scopes": [each.scope for each in ending]})
    return RevokedView(command.app, len(ending))


def _whose(tx: HasPopulations, context: CallContext) -> tuple[str, str]:
    """The population and the person whose consents are meant."""
    assert context.acting is not None, "the method needs an acting citizen"
    return tx.populations.of([context.tenant])[context.tenant], context.acting.holder


def _view(consent: Consent, locale: str) -> ConsentView:
    return ConsentView(
        consent.client_id, consent.scope, in_locale(title_of(consent.scope), locale), consent.given_at)
