"""Calls of persons are decided by copies that are up to date, or not at all."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from shared_components.bus.server.process_copies import ProcessCopies, known_copies
from shared_components.db.feeds import FeedStale, Page, append
from shared_components.db.feeds.copies import poll
from shared_components.db.feeds.producer import read_feed
from shared_components.db.feeds.tables import _produced, copy_metadata
from shared_components.kernel.acting import Acting
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority.copies import NO_COPIES, KnownApp, KnownCopies, keep_copies
from shared_components.security.authority.errors import SessionEnded
from tests.unit.bus.test_rpc_batch import Bank, Provider, deposits, outcomes, request
from tests.unit.bus.test_rpc_batch import bank as bank
from tests.unit.bus.test_rpc_batch import provider as provider

FEED = "authority"
ZHANG = Acting("sub_zhang", "ses_1")
APP = {"tenant": "civil", "scopes": ["*"]}
RULE = MethodRule(basis=frozenset({"public"}), resource="deposit")


@pytest.fixture
def copying(provider: Provider) -> Iterator[Provider]:
    """The bank with a copy of a feed that its own database produces."""
    with provider.database.engine.begin() as connection:
        _produced.create_all(connection)
        copy_metadata.create_all(connection)
    provider.copies = ProcessCopies([FEED])
    yield provider
    keep_copies(NO_COPIES)


def say(provider: Provider, kind: str, key: str) -> None:
    with provider.database.transaction() as session:
        append(session, FEED, kind, key, {})


def follow(provider: Provider) -> None:
    def ask(n: int, digest: str) -> Page:
        with provider.database.transaction() as session:
            return read_feed(session, FEED, "bank", n, digest)

    poll(provider.database, FEED, ask)


def test_entries_of_feeds_become_what_authority_decides_by() -> None:
    assert known_copies({
        ("app", "app-portal"): {"kind": "portal", "state": "active", **APP},
        ("app", "app-console"): {"kind": "officer", "state": "active", **APP},
        ("app", "app-old"): {"kind": "portal", "state": "closed", **APP},
        ("key", "0a"): {"app": "app-portal", "key_id": "key_1"}, ("key", "0b"): {"app": "app-old", "key_id": "key_2"},
        ("department", "dep_1"): {"tenant": "civil", "sandbox_tenant": "civil-sandbox"},
        ("membership", "mbr_1"): {"subject": "sub_1", "department": "dep_1", "state": "ended"},
        ("membership", "mbr_2"): {"subject": "sub_2", "department": "dep_1", "state": "ended"},
        ("membership", "mbr_3"): {"subject": "sub_2", "department": "dep_1", "state": "active"},
        ("ended-session", "ses_1"): {},
        ("mandate", "man_1"): {}, ("consent", "1"): {"subject": "sub_1", "app": "app-a", "resource": "licence"},
        ("grant", "2"): {"department": "civil", "owner": "health", "resource": "licence"},
        ("agreement", "3"): {"owner": "health", "purpose": "case_1"},
    }) == KnownCopies(
        portals={"app-portal"}, consoles={"app-console"}, ended_sessions={"ses_1"}, live_mandates={"man_1"},
        consented={("sub_1", "app-a", "licence")}, grants={("civil", "health", "licence")},
        agreements={("health", "case_1")}, closed_apps={"app-old"},
        apps={"app-portal": KnownApp("civil", ("*",), True), "app-console": KnownApp("civil", ("*",), False),
              "app-old": KnownApp("civil", ("*",), False)},
        left={("sub_1", "civil"), ("sub_1", "civil-sandbox")})


def test_a_session_that_has_ended_is_refused_from_the_next_call_on(bank: Bank, copying: Provider) -> None:
    follow(copying)
    (done,) = outcomes(bank, request("1", acting=ZHANG), rule=RULE)
    assert done == {"account": "a", "amount_minor": 1}
    say(copying, "ended-session", "ses_1")
    follow(copying)
    (refused,) = outcomes(bank, request("2", acting=ZHANG), rule=RULE)
    assert isinstance(refused, SessionEnded)
    assert len(deposits(copying)) == 1


def test_a_repeated_call_of_an_ended_session_does_not_get_its_kept_reply(bank: Bank, copying: Provider) -> None:
    follow(copying)
    outcomes(bank, request("1", acting=ZHANG), rule=RULE)
    say(copying, "ended-session", "ses_1")
    follow(copying)
    (refused,) = outcomes(bank, request("1", acting=ZHANG), rule=RULE)
    assert isinstance(refused, SessionEnded)


def test_without_a_lease_calls_of_persons_fail_and_others_go_on(bank: Bank, copying: Provider) -> None:
    person, service = outcomes(bank, request("1", acting=ZHANG), request("2", "b"), rule=RULE)
    assert isinstance(person, FeedStale)
    assert service == {"account": "b", "amount_minor": 1}
    assert deposits(copying) == [("b", 1)]


def test_a_service_without_copies_asks_nothing(bank: Bank, provider: Provider) -> None:
    assert outcomes(bank, request("1", acting=ZHANG), rule=RULE) == [{"account": "a", "amount_minor": 1}]


def test_a_call_without_a_person_pays_no_statement_for_the_copies(
    bank: Bank, copying: Provider,
) -> None:
    follow(copying)
    outcomes(bank, request("0", acting=ZHANG), rule=RULE)
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(copying.database.engine, "before_cursor_execute", count)
    outcomes(bank, request("1"), rule=RULE)
    assert statements and not [one for one in statements if "feed_" in one]
    statements.clear()
    outcomes(bank, request("2", acting=ZHANG), rule=RULE)
    assert len([one for one in statements if "feed_" in one]) == 1
