"""Sessions for rows of identity: tokens that the load shows, and refreshes of one process on a database of its own."""
from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from services.identity.commands.transactions import IdentityTransactions
from services.identity.sessions.domain.grant import Grant
from services.identity.sessions.usecases.issue_tokens import IssueTokens, TokenSet, issue_tokens
from services.identity.sessions.usecases.open_session import OpenSession, open_session
from services.identity.sessions.usecases.refresh_tokens import RefreshTokens, refresh_all
from services.identity.sessions.usecases.signing import acting_of, signing_key
from shared_components.bus.client.blocking import BusClient
from shared_components.configuration.loading import load_configuration
from shared_components.db import migrate
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import complete_resident_id
from tests.unit.identity.sessions.world import APP, Logins
from tests.unit.identity.worlds import SqlTransactions

TOKENS = 20_000
SCOPES = ("licence", "openid", "order")
GROUP, GROUPS = 64, 60


def prepare_tokens(configuration: Path, operator_url: str, *, tenant: str, app: str, into: Path) -> None:
    """Write live access tokens of one session, one a line."""
    with BusClient(operator_url, tenant=tenant) as client:
        subject = client.call("identity", "register_person", {
            "name": "林静", "id_number": complete_resident_id("33010619900101001")}, timeout_s=30)["subject_id"]
    transactions = IdentityTransactions(load_configuration(configuration), tenant)
    with transactions.begin() as tx:
        session = open_session(tx, OpenSession(tenant, subject, CITIZEN, ("pwd",)), None)
        given = issue_tokens(tx, IssueTokens(session, app, SCOPES))
        grant = tx.grants.get(given.grant_id)
        assert grant is not None
        into.write_text("\n".join(_tokens(tx, session, grant)))
    transactions.close()


def _tokens(tx: Any, session: Any, grant: Grant) -> Iterator[str]:
    key, now = signing_key(tx, session.realm_id), datetime.now(UTC)
    acting, until = acting_of(session, grant, grant.scopes), now + timedelta(minutes=10)
    for _ in range(TOKENS):
        yield tx.signing_keys.sign_access(
            key, acting, app=grant.app, auth_time=session.auth_time, at=now, until=until)


def measure_refresh() -> dict[str, Any]:
    """rate: refreshes a second of one process, in groups as the bus makes them, each group a transaction."""
    with _city() as logins:
        shown = [logins.login()[1].refresh_token for _ in range(GROUP)]
        began = perf_counter()
        for _ in range(GROUPS):
            given = logins.run(refresh_all, [RefreshTokens(each or "", APP) for each in shown])
            shown = [_refreshed(each) for each in given]
        return {"rate": GROUP * GROUPS / (perf_counter() - began)}


def _refreshed(given: TokenSet | AppError) -> str | None:
    if isinstance(given, AppError):
        raise given
    return given.refresh_token


@contextmanager
def _city() -> Iterator[Logins]:
    clock = FixedClock(datetime(2026, 3, 1, 8, tzinfo=UTC))
    with PrivatePostgreSQL() as database, tempfile.TemporaryDirectory(prefix="zhongtai-bench-") as folder:
        url = database.create_database(f"bench{uuid4().hex[:8]}")
        migrate(url, "identity")
        transactions = SqlTransactions(Path(folder), clock, url=url)
        try:
            yield Logins(transactions, clock)
        finally:
            transactions.database.dispose()
