"""Calls of persons are decided by copies that are up to date, or not at all."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, update

from shared_components.bus.server.process_copies import ProcessCopies, known_copies
from shared_components.bus.server.requests import Request
from shared_components.db.feeds import FeedStale, Page, append
from shared_components.db.feeds.copies import poll
from shared_components.db.feeds.producer import read_feed
from shared_components.db.feeds.tables import _produced, copy_metadata, positions
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
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


def of_app(op_id: str, name: str = "app-tax", tenant: str = "civil") -> Request:
    return Request({"account": op_id, "amount_minor": 1}, CallContext(name, tenant, op_id, department=tenant))


def tell_of_app(provider: Provider, state: str = "active", *, keys: int = 1, scopes: tuple[str, ...] = ("*",)) -> None:
    with provider.database.transaction() as session:
        append(session, FEED, "app", "app-tax", {
            "kind": "department", "state": state, "tenant": "civil", "scopes": list(scopes)})
        append(session, FEED, "key", "0a", {"app": "app-tax", "key_id": "key_1"} if keys else None)
    follow(provider)


@pytest.mark.parametrize(("said", "refusal"), [
    ({"state": "frozen"}, "authority.app-closed"), ({"state": "closed"}, "authority.app-closed"),
    ({"keys": 0}, "authority.app-closed"), ({"scopes": ("test.withdraw", "other.*")}, "bus.method-not-granted"),
    ({"scopes": ("test.deposit",)}, None), ({"scopes": ("test.*",)}, None),
])
def test_an_app_over_amqp_is_what_the_directory_says_of_it(
    bank: Bank, copying: Provider, said: dict[str, Any], refusal: str | None,
) -> None:
    tell_of_app(copying)
    (done,) = outcomes(bank, of_app("1"), rule=RULE)
    assert done["account"] == "1"
    tell_of_app(copying, **said)
    (next_one,) = outcomes(bank, of_app("2"), rule=RULE)
    assert getattr(next_one, "code", None) == refusal


def test_an_app_with_another_tenant_than_the_directorys_is_refused(bank: Bank, copying: Provider) -> None:
    tell_of_app(copying)
    refused, other = outcomes(bank, of_app("1", tenant="health"), of_app("2", "app-unknown", "health"), rule=RULE)
    assert refused.code == "bus.app-not-allowed" and other["account"] == "2"


def test_an_app_that_the_gateway_passes_on_was_decided_there(bank: Bank, copying: Provider) -> None:
    tell_of_app(copying, "closed")
    request = of_app("1")
    request.context = request.context._replace(via="gateway")
    (done,) = outcomes(bank, request, rule=RULE, callers=("gateway",), public=True)
    assert done["account"] == "1"


def test_without_a_lease_known_apps_wait_also_in_a_new_process_and_others_go_on(bank: Bank, copying: Provider) -> None:
    tell_of_app(copying, "closed")
    with copying.database.transaction() as session:
        session.execute(update(positions).values(fresh_until=None))
    copying.copies = ProcessCopies([FEED])
    keep_copies(NO_COPIES)
    known, unknown = outcomes(bank, of_app("1"), of_app("2", "app-unknown"), rule=RULE)
    assert isinstance(known, FeedStale) and unknown["account"] == "2"


def test_where_no_directory_is_served_apps_cost_one_look_in_half_a_second(bank: Bank, copying: Provider) -> None:
    now, looks = [0.0], list[str]()
    copying.copies = ProcessCopies([FEED], lambda: now[0])
    event.listen(copying.database.engine, "before_cursor_execute", lambda *told: looks.append(str(told[2])))
    for number, seconds in enumerate((0.0, 0.1, 0.4, 0.6)):
        now[0] = seconds
        (done,) = outcomes(bank, of_app(str(number)), rule=RULE)
        assert done["account"] == str(number)
    assert len([one for one in looks if "feed_positions" in one]) == 2
