"""A person in a call's context is proved by one token or one ticket, of whom may send it."""
from __future__ import annotations

from time import time
from typing import Any

import pytest

from shared_components.bus.client.service_callers import context_to_send
from shared_components.bus.errors import ContextNotAllowed, MalformedMessage
from shared_components.bus.server.inbound import Reader
from shared_components.bus.server.persons import NoPersons, Proof, Sender
from shared_components.kernel.acting import Acting, Ticket
from shared_components.kernel.calls import CallContext

SETTINGS = {"caller_authentication": "broker", "default_tenant": "default", "app_tenants": {"app-a": "a"},
            "default_timeout_s": 10.0}
TOKEN = "e30.e30.x"


class Believing:
    """Takes a proof for the name of the person."""

    def message_arrived(self) -> None:
        """Nothing is remembered from message to message."""

    def of_token(self, token: str, sender: Sender) -> Proof:
        return Proof(*sender, Acting(f"token of {sender.caller}", "ses_1"))

    def of_ticket(self, ticket: str, sender: Sender) -> Proof:
        acting = Acting(f"ticket for {sender.caller} by {sender.user}", "ses_1")
        return Proof("app-a", sender.user, "a", acting, Ticket(ticket))


def context_of(user: str, **given: Any) -> CallContext:
    return Reader("payment", {}, SETTINGS, Believing())._context(user, {"version": "2", **given}, "op_1", None, time())


def test_an_app_acts_for_the_person_of_its_token() -> None:
    context = context_of("app-a", token=TOKEN, purpose="case_1")
    assert context.acting == Acting("token of app-a", "ses_1")
    assert (context.subject, context.purpose, context.department) == ("token of app-a", "case_1", "a")


def test_the_gateway_and_services_pass_tickets_on() -> None:
    assert context_of("gateway", ticket=TOKEN, for_app="app-a", tenant="a").subject == "ticket for app-a by gateway"
    passed_on = context_of("matter", ticket=TOKEN, tenant="b")
    assert passed_on.subject == "ticket for matter by matter"
    assert (passed_on.caller, passed_on.via, passed_on.department, passed_on.tenant) == ("app-a", "matter", "a", "b")
    assert context_to_send(passed_on)["ticket"] == TOKEN


def test_without_a_proof_nobody_acts() -> None:
    assert context_of("app-a").acting is None
    assert context_of("matter").acting is None


@pytest.mark.parametrize(("user", "given", "says"), [
    ("app-a", {"ticket": TOKEN}, "only services pass tickets on"),
    ("matter", {"token": TOKEN}, "only an app sends one"),
    ("operator", {"token": TOKEN}, "only an app sends one"),
    ("gateway", {"token": TOKEN, "for_app": "app-a"}, "only an app sends one"),
])
def test_a_proof_of_the_other_kind_is_refused(user: str, given: dict[str, str], says: str) -> None:
    with pytest.raises(ContextNotAllowed, match=says):
        context_of(user, **given)


@pytest.mark.parametrize(("given", "says"), [
    ({"token": TOKEN, "ticket": TOKEN}, "one of the two"),
    ({"token": TOKEN, "version": "3"}, "version is not '2'"),
    ({"token": TOKEN, "version": None}, "version is not '2'"),
    ({"token": f"{'a' * 1000}.{'b' * 30}.c"}, "at most 1024"),
])
def test_a_context_that_proves_in_no_known_form_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(MalformedMessage, match=says):
        context_of("app-a", **given)


@pytest.mark.parametrize("given", [{"token": TOKEN}])
def test_a_service_without_keys_takes_no_proof(given: dict[str, str]) -> None:
    reader = Reader("payment", {}, SETTINGS)
    with pytest.raises(ContextNotAllowed, match="no key of its issuer"):
        reader._context("app-a", {"version": "2", **given}, "op_1", None, time())
    assert isinstance(reader._persons, NoPersons)
