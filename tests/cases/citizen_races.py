"""Requests of methods in which a citizen acts, each in a state in which its first caller succeeds."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.identity.sandbox.population import PERSONS
from services.identity.upstream.domain.ports import Link
from tests.acting import citizen
from tests.cases.directory_races import Make, realm
from tests.cases.racing import TENANT, Racer

AGENT, PRINCIPAL = "330106199003070014", "33010619850615002X"
SCOPES = frozenset({"credential", "mandate", "order"})


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


RACES: Mapping[str, Make] = {
    "identity.prove_representation": proving,
    "identity.appoint_agent": appointing,
    "identity.accept_mandate": answering,
    "identity.refuse_mandate": answering,
    "identity.revoke_mandate": revoking,
    "identity.remove_upstream_link": unlinking,
}
