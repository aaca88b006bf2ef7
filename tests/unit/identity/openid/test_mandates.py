"""Acting for another: only under a live mandate, which the token names; by the login, and by token exchange."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.identity.mandates.domain import states
from services.identity.mandates.domain.mandate import HANDLER, Mandate, Terms
from services.identity.openid.usecases.manage_consents import RevokeConsent, revoke_consent
from services.identity.openid.usecases.token import TOKEN_EXCHANGE
from services.identity.openid.usecases.token_exchange import ACCESS_TOKEN_TYPE, MANDATE_TYPE
from services.identity.sessions.domain.session import Session
from shared_components.kernel.ids import new_id
from tests.unit.identity.openid.world import CLIENT, SANDBOX, Login, basic, claims_of, query_of

SCOPE = "openid order licence consent"


@pytest.fixture
def agent(login: Login) -> Session:
    return login.sandbox_session()


def mandate(login: Login, agent_id: str | None, **more: Any) -> Mandate:
    """An active mandate of a company of the sandbox for the agent."""
    terms = Terms(**{"scopes": frozenset({"order"}), "valid_from": date(2026, 1, 1), **more.pop("terms", {})})
    made = Mandate(**{
        "mandate_id": new_id("man"), "population": SANDBOX, "kind": HANDLER, "principal_id": login.sandbox_person(),
        "agent_id": agent_id, "agent_key": "k" * 48, "terms": terms, "appointed_by": "sub_boss",
        "created_at": login.clock.now(), "state": states.ACTIVE, **more})
    with login.served.begin(SANDBOX) as tx:
        tx.mandates.add(made)
    return made


def tokens(login: Login, agent: Session, **more: Any) -> dict[str, Any]:
    location = login.complete(login.request_id(scope=SCOPE), agent, consent=SCOPE.split(), **more)
    body = login.exchange(query_of(location)["code"]).body
    assert body is not None and "access_token" in body, body
    return dict(body)


def swap(login: Login, token: str, mandate_id: str, **changes: Any) -> Any:
    return login.token(**{
        "grant_type": TOKEN_EXCHANGE, "subject_token": mandate_id, "subject_token_type": MANDATE_TYPE,
        "actor_token": token, "actor_token_type": ACCESS_TOKEN_TYPE, **changes})


def test_an_agents_token_becomes_one_for_the_principal_that_names_agent_and_mandate(
    login: Login, agent: Session,
) -> None:
    given, under = tokens(login, agent), mandate(login, agent.subject_id)
    body = swap(login, given["access_token"], under.mandate_id).body
    assert body is not None and "access_token" in body, body
    assert (body["issued_token_type"], "refresh_token" in body, "id_token" in body) == (ACCESS_TOKEN_TYPE, False, False)
    claims = claims_of(body["access_token"])
    assert (claims["sub"], claims["act"]["sub"]) == (under.principal_id, agent.subject_id)
    assert (claims["act"]["mandate"], claims["act"]["scopes"]) == (under.mandate_id, ["order"])
    said = login.ask("introspect", {"token": body["access_token"]}, authorization=basic(CLIENT, login.secret)).body
    assert said is not None and said["act"]["mandate"] == under.mandate_id


def test_a_login_in_which_the_principal_was_chosen_names_both_and_the_id_token_the_person(
    login: Login, agent: Session,
) -> None:
    under = mandate(login, agent.subject_id)
    with login.served.begin(SANDBOX) as tx:
        acts_for = tx.live_mandates.acts_for(
            under.mandate_id, agent.subject_id, SCOPE.split(), at=login.clock.now())
    given = tokens(login, agent, acts_for=acts_for)
    assert claims_of(given["access_token"])["sub"] == under.principal_id
    proof = claims_of(given["id_token"])
    assert (proof["sub"], proof["on_behalf_of"], proof["mandate"]) == (
        agent.subject_id, under.principal_id, under.mandate_id)
    said = login.userinfo(given["access_token"]).body
    assert said is not None and said["sub"] == agent.subject_id
    with login.served.begin(SANDBOX) as tx:
        assert tx.consents.scopes(SANDBOX, under.principal_id, CLIENT) == {"order", "licence", "consent"}
        assert tx.consents.scopes(SANDBOX, agent.subject_id, CLIENT) == frozenset()


@pytest.mark.parametrize("wrong", [
    {"agent_id": "sub_other"}, {"state": states.PROPOSED}, {"state": states.REVOKED},
    {"terms": {"valid_until": date(2026, 2, 1)}}, {"terms": {"valid_from": date(2026, 6, 1)}},
])
def test_without_a_live_mandate_of_this_agent_nobody_acts(login: Login, agent: Session, wrong: dict[str, Any]) -> None:
    given = tokens(login, agent)
    under = mandate(login, **{"agent_id": agent.subject_id, **wrong})
    answer = swap(login, given["access_token"], under.mandate_id)
    assert (answer.status, answer.body["error"]) == (400, "invalid_grant")
    unknown = swap(login, given["access_token"], "man_unknown")
    assert unknown.body == answer.body, "nobody hears whether a mandate exists"
    assert swap(login, given["access_token"], "m" * 200).body == answer.body


def test_a_mandate_that_ended_between_the_choice_and_the_code_gives_no_token(login: Login, agent: Session) -> None:
    under = mandate(login, agent.subject_id)
    with login.served.begin(SANDBOX) as tx:
        acts_for = tx.live_mandates.acts_for(under.mandate_id, agent.subject_id, ["order"], at=login.clock.now())
    location = login.complete(login.request_id(), agent, acts_for=acts_for)
    with login.served.begin(SANDBOX) as tx:
        tx.mandates.save(under.in_state(states.REVOKED), was_active=True)
    assert login.exchange(query_of(location)["code"]).status == 400


@pytest.mark.parametrize(("changes", "error"), [
    ({"subject_token_type": ACCESS_TOKEN_TYPE}, "invalid_request"),
    ({"actor_token_type": MANDATE_TYPE}, "invalid_request"),
    ({"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
    ({"actor_token": None}, "invalid_request"), ({"subject_token": None}, "invalid_request"),
    ({"resource": "https://other.example"}, "invalid_target"), ({"audience": "other"}, "invalid_target"),
    ({"scope": "message"}, "invalid_scope"), ({"scope": "root"}, "invalid_scope"),
    ({"actor_token": "x"}, "invalid_grant"),
])
def test_a_wrong_exchange_has_the_code_of_the_rfc(
    login: Login, agent: Session, changes: dict[str, Any], error: str,
) -> None:
    given, under = tokens(login, agent), mandate(login, agent.subject_id)
    assert swap(login, given["access_token"], under.mandate_id, **changes).body["error"] == error


def test_a_token_with_act_is_not_exchanged_again_nor_one_of_another_client(login: Login, agent: Session) -> None:
    given, under = tokens(login, agent), mandate(login, agent.subject_id)
    acting = swap(login, given["access_token"], under.mandate_id).body["access_token"]
    assert swap(login, acting, under.mandate_id).status == 400
    other = login.register("app-other")
    answer = swap(login, given["access_token"], under.mandate_id, client="app-other-sandbox", secret=other)
    assert answer.body["error"] == "invalid_grant"
    assert swap(login, given["refresh_token"], under.mandate_id).status == 400
    assert swap(login, given["id_token"], under.mandate_id).status == 400


def test_no_mandate_covers_the_agents_own_account(login: Login, agent: Session) -> None:
    given = tokens(login, agent)
    under = mandate(login, agent.subject_id, terms={"scopes": frozenset({"*"})})
    claims = claims_of(swap(login, given["access_token"], under.mandate_id).body["access_token"])
    assert "consent" not in claims["act"]["scopes"]
    assert {"order", "licence"} <= set(claims["act"]["scopes"])


def test_a_consent_that_the_principal_takes_back_ends_what_agents_hold_for_it_and_nothing_else(
    login: Login, agent: Session,
) -> None:
    under, own = mandate(login, agent.subject_id), tokens(login, agent)
    with login.served.begin(SANDBOX) as tx:
        acts_for = tx.live_mandates.acts_for(under.mandate_id, agent.subject_id, ["order"], at=login.clock.now())
    acting = tokens(login, agent, acts_for=acts_for)
    for subject, dead, alive in ((under.principal_id, acting, own), (agent.subject_id, own, None)):
        context = login.acting(subject)
        with login.served.begin(context.tenant) as tx:
            revoke_consent(tx, RevokeConsent(CLIENT), context)
        assert login.userinfo(dead["access_token"]).status == 401
        assert alive is None or login.userinfo(alive["access_token"]).status == 200
