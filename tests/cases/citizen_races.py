"""Requests of methods in which a citizen acts, each in a state in which its first caller succeeds."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.identity.sandbox.population import PERSONS
from services.identity.upstream.domain.ports import Link
from tests.acting import citizen, officer
from tests.cases.directory_races import Make, realm
from tests.cases.racing import TENANT, Racer

AGENT, PRINCIPAL = "330106199003070014", "33010619850615002X"
SCOPES = frozenset({"credential", "mandate", "order", "personal-information"})


def enter(racing: Racer, number: str) -> None:
    """Let a registered person act from now on."""
    racing.acting = None
    subject = racing.ask("find_subject", id_number=number)["subject_id"]
    racing.acting = citizen(subject, level=3, scopes=SCOPES)


def persons(racing: Racer) -> None:
    realm(racing)
    for number in (AGENT, PRINCIPAL):
        racing.ask("register_person", name=PERSONS[number], id_number=number)


def appointing(racing: Racer) -> Mapping[str, Any]:
    persons(racing)
    enter(racing, PRINCIPAL)
    return {"agent_name": PERSONS[AGENT], "agent_id_number": AGENT, "scopes": ["order"]}


def answering(racing: Racer) -> Mapping[str, Any]:
    mandate = racing.ask("appoint_agent", **appointing(racing))["mandate_id"]
    enter(racing, AGENT)
    return {"mandate_id": mandate}


def revoking(racing: Racer) -> Mapping[str, Any]:
    mandate = answering(racing)
    racing.ask("accept_mandate", **mandate)
    return mandate


def proving(racing: Racer) -> Mapping[str, Any]:
    persons(racing)
    enter(racing, PRINCIPAL)
    return {"credit_code": "91330106MA2DEM0091", "organisation_name": "杭州示范餐饮有限公司"}


def unlinking(racing: Racer) -> Mapping[str, Any]:
    persons(racing)
    enter(racing, PRINCIPAL)
    assert racing.acting is not None
    at = datetime.now(UTC)
    with racing.transaction() as tx:
        key = tx.upstream_links.key_of(TENANT, "https://id.example", "1")
        tx.upstream_links.add(Link("upl_1", TENANT, "national", key, racing.acting.subject, at, at))
    return {"link_id": "upl_1"}


def asking(racing: Racer) -> Mapping[str, Any]:
    persons(racing)
    enter(racing, PRINCIPAL)
    return {"kind": "restrict"}


def asked(racing: Racer) -> Mapping[str, Any]:
    """At an app of the department that owns the population: no consent is needed there."""
    request = {"request_id": racing.ask("submit_personal_request", **asking(racing))["request_id"]}
    with racing.transaction() as tx:
        racing.tenant = tx.personal_requests.lock(request["request_id"]).keeper
    return request


def deciding(racing: Racer) -> Mapping[str, Any]:
    request = asked(racing)
    racing.acting = officer("sub_officer", racing.tenant, "manager")
    return {**request, "grant": True}


RACES: Mapping[str, Make] = {
    "identity.prove_representation": proving,
    "identity.appoint_agent": appointing,
    "identity.accept_mandate": answering,
    "identity.refuse_mandate": answering,
    "identity.revoke_mandate": revoking,
    "identity.remove_upstream_link": unlinking,
    "identity.submit_personal_request": asking,
    "identity.cancel_personal_request": asked,
    "identity.decide_personal_request": deciding,
}
