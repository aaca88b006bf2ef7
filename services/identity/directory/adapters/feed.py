"""The directory's feed: what other services decide by. Each stored change is recorded in its own transaction."""
from __future__ import annotations

from services.identity.directory.domain.app import App, caller_name
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.realm import ENVIRONMENTS
from services.identity.directory.domain.states import ACTIVE
from shared_components.db.feeds import FeedRecorder

FEED = "directory"
APP, KEY, DEPARTMENT, MEMBERSHIP = "app", "key", "department", "membership"
"""Kinds of entries, as services read them."""


class DirectoryFeed:
    """Records what is stored. Whatever is not active is a revocation: it is answered when no copy misses it."""

    def __init__(self, feed: FeedRecorder) -> None:
        self._feed = feed

    def department(self, department: Department) -> None:
        """Record a department by its id."""
        self._feed.record(FEED, DEPARTMENT, department.department_id, {
            "state": department.state, "successor": department.successor_id, "tenant": department.tenant,
            "sandbox_tenant": department.sandbox_tenant,
        }, revokes=department.state != ACTIVE)

    def membership(self, membership: Membership) -> None:
        """Record a membership by its id."""
        self._feed.record(FEED, MEMBERSHIP, membership.membership_id, {
            "subject": membership.subject_id, "department": membership.department_id,
            "roles": list(membership.roles), "state": membership.state,
        }, revokes=membership.state != ACTIVE)

    def app(self, app: App) -> None:
        """Record an app by the name under which it calls, in each environment where it may call."""
        for environment in ENVIRONMENTS:
            access = app.access_in(environment)
            if access is None:
                continue
            self._feed.record(FEED, APP, caller_name(app.app, environment), {
                "state": app.state, "kind": app.kind, "department": app.department_id,
                "tenant": app.tenant_in(environment), "scopes": list(access.scopes),
                "in_flight": access.in_flight, "calls_per_s": access.calls_per_s,
                "client_type": access.client_type, "proves_by_keys": access.jwks is not None,
                "broker_key": app.broker_keys.get(environment),
            }, revokes=app.state != ACTIVE)

    def key(self, key: AppKey) -> None:
        """Record a key by its hash; a revoked one is removed."""
        said = {"app": caller_name(key.app, key.environment), "key_id": key.key_id} if key.is_active else None
        self._feed.record(FEED, KEY, key.key_hash, said, revokes=not key.is_active)
