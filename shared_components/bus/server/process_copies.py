"""The copies of feeds in this process's memory, and how they become what authority decides by."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from shared_components.db import ALL_TENANTS, Database
from shared_components.db.feeds import FeedCopy, FeedStale
from shared_components.db.feeds.copies import positions_of
from shared_components.kernel.clock import LearnedClock
from shared_components.security.authority.copies import KnownApp, KnownCopies, keep_copies
from shared_components.security.proofs.login_keys import login_key
from shared_components.security.tokens import TrustedKey

Data = Mapping[tuple[str, str], Mapping[str, Any]]
"""(kind, key) → what the producer has said of it."""

DIRECTORY = "directory"
"""The feed of identity's directory."""
APP, KEY, DEPARTMENT, MEMBERSHIP = "app", "key", "department", "membership"
ENDED_SESSION, MANDATE, SIGNING_KEY = "ended-session", "mandate", "signing-key"
CONSENT, GRANT, AGREEMENT = "consent", "grant", "agreement"
"""Kinds of entries. Keys: the app's name as it calls, the SHA-256 of a key, else the id of what is meant."""
ACTIVE, PORTAL, CONSOLE = "active", "portal", "officer"
"""The state of what is in force, and kinds of apps."""
LOOK_AGAIN_S = 0.5


class ProcessCopies:
    """The copies of one process. Where there are several feeds, their entries count together.

    clock: goes by the database's, as all processes of the service do. seconds: a clock that never goes back.
    """

    def __init__(self, feeds: Sequence[str], seconds: Callable[[], float] = monotonic) -> None:
        self.clock = LearnedClock()
        self.by_feed = {feed: FeedCopy(feed, clock=self.clock) for feed in feeds}
        self._known = KnownCopies()
        self._seconds, self._unserved_at = seconds, float("-inf")
        self._signing_keys: Mapping[str, TrustedKey] = {}

    def catch_up(self, database: Database) -> None:
        """As refresh, with one short question where nothing is new. Raises FeedStale."""
        if database.is_sqlite or not self._are_current(database):
            with database.reading(ALL_TENANTS) as session:
                self.refresh(session)

    def _are_current(self, database: Database) -> bool:
        found = positions_of(database, list(self.by_feed))
        try:
            return all(copy.is_current(found[feed]) for feed, copy in self.by_feed.items())
        except FeedStale:
            self._note_unserved()
            raise
        finally:
            # In the embedded form services share the process: the copies may be those of another service.
            keep_copies(self._known)

    def refresh(self, session: Session) -> None:
        """Catch up all copies before a decision; authority goes by them from now on.

        Raises FeedStale; what the stale copy's table says is known then, too.
        """
        before = [id(copy.data) for copy in self.by_feed.values()]
        try:
            for copy in self.by_feed.values():
                copy.refresh(session)
        except FeedStale:
            self._note_unserved()
            raise
        finally:
            self._keep(before)

    def _note_unserved(self) -> None:
        if not any(copy.data for copy in self.by_feed.values()):
            self._unserved_at = self._seconds()

    def is_unserved(self) -> bool:
        """Whether no producer had said anything when the tables were read, LOOK_AGAIN_S ago at most."""
        return self._seconds() - self._unserved_at < LOOK_AGAIN_S

    def _keep(self, before: Sequence[int]) -> None:
        if [id(copy.data) for copy in self.by_feed.values()] != before:
            data = {key: said for copy in self.by_feed.values() for key, said in copy.data.items()}
            self._known = known_copies(data)
            self._signing_keys = {key: login_key(said) for (kind, key), said in data.items() if kind == SIGNING_KEY}
        # In the embedded form services share the process: the copies may be those of another service.
        keep_copies(self._known)

    def signing_key(self, kid: str) -> TrustedKey | None:
        """A key by which the login signs tokens of one realm; None: it is not known, or revoked."""
        return self._signing_keys.get(kid)


def known_copies(data: Data) -> KnownCopies:
    """The entries of feeds as sets."""
    def keys(kind: str) -> frozenset[str]:
        return frozenset(key for said, key in data if said == kind)

    def parts(kind: str, *names: str) -> frozenset[Any]:
        return frozenset(tuple(value[name] for name in names) for (said, _), value in data.items() if said == kind)

    def apps(state: bool, kind: str | None = None) -> frozenset[str]:
        return frozenset(
            key for (said, key), app in data.items()
            if said == APP and (app["state"] == ACTIVE) is state and kind in (None, app["kind"]))

    return KnownCopies(
        portals=apps(True, PORTAL), consoles=apps(True, CONSOLE), closed_apps=apps(False), left=_left(data),
        apps=_apps(data), ended_sessions=keys(ENDED_SESSION), live_mandates=keys(MANDATE),
        consented=parts(CONSENT, "subject", "app", "resource"), grants=parts(GRANT, "department", "owner", "resource"),
        agreements=parts(AGREEMENT, "owner", "purpose"))


def _apps(data: Data) -> Mapping[str, KnownApp]:
    keys = {(said["app"], said["key_id"]) for (kind, _), said in data.items() if kind == KEY}
    with_key = {app for app, _ in keys}
    return {
        name: KnownApp(
            app["tenant"], tuple(app["scopes"]), app["state"] == ACTIVE and name in with_key,
            # Whoever calls over AMQP has logged in by this key; entries of versions before do not tell it.
            app.get("broker_key") is not None and (name, app["broker_key"]) not in keys)
        for (kind, name), app in data.items() if kind == APP}


def _left(data: Data) -> frozenset[tuple[str, str]]:
    """(subject, tenant id of the department) of memberships that ended and were not given again."""
    def members(active: bool) -> set[tuple[str, str]]:
        return {
            (member["subject"], tenant) for (kind, _), member in data.items()
            if kind == MEMBERSHIP and (member["state"] == ACTIVE) is active
            for tenant in _tenants_of(data, member["department"])}

    return frozenset(members(False) - members(True))


def _tenants_of(data: Data, department: str) -> Sequence[str]:
    found = data.get((DEPARTMENT, department))
    return () if found is None else (found["tenant"], found["sandbox_tenant"])
