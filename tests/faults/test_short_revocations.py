"""Refusal of calls after a revocation's answer, over AMQP and HTTP, also by a replica that was paused before."""
from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.identity.sessions.usecases.end_session import end_session
from services.identity.sessions.usecases.keys import revoke_key
from shared_components.security.tokens import key_id_of
from tests.faults.lab import Lab
from tests.faults.logins import Logins
from tests.faults.revocations import SERVICE, City

pytestmark = pytest.mark.integration
CALLS = 12


@contextmanager
def one_replica_paused(city: City) -> Iterator[None]:
    """Pause a replica for the time of a revocation; afterwards the replica continues with an old memory."""
    paused = city.replicas[0].process
    paused.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        paused.send_signal(signal.SIGCONT)


def test_a_call_that_begins_after_a_revocation_s_answer_is_refused(lab: Lab, tmp_path: Path) -> None:
    with lab.world("R32-shipped", "identity", SERVICE) as world:
        city = City(world, tmp_path)
        person, clerk = city.citizen_token(), city.officer_token()
        city.until("ok", city.on_the_bus, person)
        city.until("ok", city.over_http, person)
        assert {city.on_the_bus(clerk) for _ in range(CALLS)} == {"ok"}, "both replicas have a copy in memory"
        assert city.over_http(clerk) == "ok"

        with one_replica_paused(city):
            city.ask("end_membership", membership_id=city.membership)
        ended = [city.on_the_bus(clerk) for _ in range(CALLS)] + [city.over_http(clerk) for _ in range(CALLS)]
        assert set(ended) <= {"authority.membership-ended", "db.feed-stale"}
        city.until("authority.membership-ended", city.on_the_bus, clerk)
        city.until("ok", city.on_the_bus, person)

        city.ask("revoke_app_key", app="app-hall", key_id=city.key_id)
        assert city.over_http() == "gateway.key-unknown"
        issued = city.ask("issue_app_key", app="app-hall", environment="sandbox")
        city.key = issued["key"]
        city.until("ok", city.over_http, person)

        with one_replica_paused(city):
            city.ask("close_app", app="app-hall")
        assert {city.over_http(person), city.over_http()} == {"gateway.key-unknown"}
        closed = {city.on_the_bus(person) for _ in range(CALLS)}
        assert closed <= {"authority.app-closed", "db.feed-stale"}
        city.until("authority.app-closed", city.on_the_bus, person)


def test_an_ended_session_is_refused_after_the_answer_also_where_its_token_was_verified(
    lab: Lab, tmp_path: Path,
) -> None:
    with lab.world("R32-sessions", "identity", SERVICE) as world:
        city = City(world, tmp_path)
        logins = Logins(city)
        session = logins.open()
        given, other = logins.issue(session, "app-hall"), logins.issue(logins.open(), "app-hall")
        for each in (given, other):
            city.until("ok", city.on_the_bus, each.access_token)
            city.until("ok", city.over_http, each.access_token)
        assert {city.on_the_bus(given.access_token) for _ in range(CALLS)} == {"ok"}, "both replicas have verified it"

        with one_replica_paused(city):
            logins.run(lambda tx: end_session(tx, session.session_id, "logged-out", None))
        ended = [city.on_the_bus(given.access_token) for _ in range(CALLS)]
        ended += [city.over_http(given.access_token) for _ in range(CALLS)]
        assert set(ended) <= {"authority.session-ended", "db.feed-stale"}
        city.until("ok", city.over_http, other.access_token)

        with one_replica_paused(city):
            logins.run(lambda tx: revoke_key(tx, logins.realm, key_id_of(other.access_token), None))
        revoked = [city.on_the_bus(other.access_token) for _ in range(CALLS)]
        revoked += [city.over_http(other.access_token) for _ in range(CALLS)]
        assert set(revoked) <= {"security.token-invalid", "security.too-many-failures", "db.feed-stale"}
        city.until("ok", city.over_http, logins.refresh(other.refresh_token, "app-hall").access_token)
        logins.close()
