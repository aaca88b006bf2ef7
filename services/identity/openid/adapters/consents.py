"""Consents to apps in SQL, and in the feed by which services decide."""
from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, insert, select, tuple_, update
from sqlalchemy.orm import Session

from services.identity.directory.adapters.feed import FEED
from services.identity.openid.domain.consent import Consent
from services.identity.openid.domain.scopes import of_resources
from services.identity.openid.domain.states import ACTIVE
from services.identity.openid.models import AppConsentRow as Row
from shared_components.db.feeds import FeedRecorder

CONSENT = "consent"
"""A kind of entry of the feed."""


class SqlConsents:
    def __init__(self, session: Session, feed: FeedRecorder) -> None:
        self._session, self._feed = session, feed

    def scopes(self, realm_id: str, subject_id: str, client_id: str) -> frozenset[str]:
        query = select(Row.scope).where(
            Row.tenant_id == realm_id, Row.subject_id == subject_id, Row.client_id == client_id, Row.state == ACTIVE)
        return frozenset(self._session.scalars(query))

    def of_client(self, realm_id: str, subject_id: str, client_id: str) -> Sequence[Consent]:
        return self._all(select(Row).where(
            Row.tenant_id == realm_id, Row.subject_id == subject_id, Row.client_id == client_id)
            .order_by(Row.scope).with_for_update())

    def add(self, consent: Consent) -> None:
        self._session.execute(insert(Row).values(
            consent_id=consent.consent_id, tenant_id=consent.realm_id, subject_id=consent.subject_id,
            client_id=consent.client_id, scope=consent.scope, given_by=consent.given_by, given_at=consent.given_at,
            state=consent.state, revoked_at=consent.revoked_at))
        self._tell(consent)

    def save(self, consent: Consent) -> None:
        self._session.execute(
            update(Row).where(Row.consent_id == consent.consent_id)
            .values(given_by=consent.given_by, given_at=consent.given_at, state=consent.state,
                    revoked_at=consent.revoked_at).execution_options(synchronize_session=False))
        self._tell(consent)

    def page(
        self, realm_id: str, subject_id: str, *, after: tuple[str, str] | None, limit: int,
    ) -> Sequence[Consent]:
        query = select(Row).where(Row.tenant_id == realm_id, Row.subject_id == subject_id, Row.state == ACTIVE)
        if after is not None:
            query = query.where(tuple_(Row.client_id, Row.scope) > after)
        return self._all(query.order_by(Row.client_id, Row.scope).limit(limit))

    def _tell(self, consent: Consent) -> None:
        """Services decide about resources; what an ID token or userinfo says is decided here."""
        if not of_resources([consent.scope]):
            return
        said = {"subject": consent.subject_id, "app": consent.client_id, "resource": consent.scope}
        given = consent.state == ACTIVE
        self._feed.record(FEED, CONSENT, consent.consent_id, said if given else None, revokes=not given)

    def _all(self, query: Select[Row]) -> Sequence[Consent]:
        rows = self._session.execute(query.execution_options(populate_existing=True)).scalars()
        return [Consent(
            consent_id=row.consent_id, realm_id=row.tenant_id, subject_id=row.subject_id, client_id=row.client_id,
            scope=row.scope, given_by=row.given_by, given_at=row.given_at, state=row.state,
            revoked_at=row.revoked_at) for row in rows]
