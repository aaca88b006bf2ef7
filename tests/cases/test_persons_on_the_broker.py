"""Tokens and tickets over RabbitMQ as it is deployed: shipped users, rights and policies, keys in files."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from shared_components.bus.amqp import names
from shared_components.bus.deployment.rights import APP, STOCK_APP
from shared_components.devstack.servers import PostgreSQL, RabbitMQ
from shared_components.kernel.acting import Acting
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.failures import MOST_FAILURES
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.proofs.tickets import TicketSigner
from shared_components.security.tokens import SigningKey
from tests.faults.asking import Ask, RawUser
from tests.faults.conftest import lab_on
from tests.faults.deployed import deploy_shipped, start_services, wait_leased
from tests.faults.world import World
from tests.unit.elicence.world import DRIVING_LICENCE, licence_request

pytestmark = pytest.mark.integration
DEPARTMENT, HOLDER, STRANGER = "demo", "sub_1", "sub_2"
HIDDEN, INVALID, NOT_ALLOWED = "elicence.licence-not-found", "security.token-invalid", "bus.context-not-allowed"


@dataclass
class Deployed:
    """licence: the id of the holder's licence."""

    world: World
    urls: dict[str, str]
    keys: KeyFolder
    licence: str = ""
    asked: int = 0

    def token(self, subject: str = HOLDER, *, app: str = APP, key: SigningKey | None = None, **more: Any) -> str:
        signer = AccessTokenSigner(key or self.keys.signing_key("sandbox"), issuer="sandbox", realm="sandbox")
        return signer.sign(citizen(subject), app=app, **{"at": datetime.now(UTC), **more})

    def ticket(self, issuer: str = "matter", *, signed_by: str = "", **more: Any) -> str:
        signer = TicketSigner(self.keys.signing_key(signed_by or issuer), issuer=issuer)
        return signer.sign(citizen(HOLDER), **{
            "app": APP, "department": DEPARTMENT, "audience": ["elicence"], "at": datetime.now(UTC), **more})

    def get(self, user: str, **context: Any) -> str:
        """`licence`, or the code of the refusal."""
        self.asked += 1
        ask = Ask(f"ask-{self.asked}", "get", {"licence_id": self.licence}, context={"version": "2", **context})
        with RawUser(self.urls[user]) as raw:
            raw.ask("elicence", [ask])
            return outcome(raw.replies[ask.id])

    def get_plainly(self, user: str, **headers: str) -> str:
        """As a stock nameko client sends it."""
        self.asked += 1
        body, number = orjson.dumps({"args": [], "kwargs": {"licence_id": self.licence}}), f"plain-{self.asked}"
        with RawUser(self.urls[user]) as raw:
            raw.publish(body, "elicence.get", content_type=names.JSON_CONTENT_TYPE, correlation_id=number, user_id=user,
                        application_headers={f"nameko.{name}": value for name, value in headers.items()})
            raw.wait({number}, 20)
            return outcome(raw.replies[number])


def outcome(reply: Any) -> str:
    error = reply.get("error")
    if error is None:
        return "licence" if reply["result"]["holder_subject"] == HOLDER else "something else"
    return str(error["code"]) if "code" in error else str(error["exc_args"])


def citizen(subject: str) -> Acting:
    return Acting(subject, f"ses_{subject}", level=3, scopes=frozenset({"licence"}))


@pytest.fixture(scope="module")
def deployed(rabbitmq: RabbitMQ, postgres: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    lab = lab_on(rabbitmq, postgres, tmp_path_factory.mktemp("persons"))
    with lab.world("persons", "identity", "elicence") as world:
        urls = deploy_shipped(lab, world)
        keys = KeyFolder(world.folder / "keys", makes=True)
        start_services(world, urls, names=["identity", "elicence"], security={"keys_folder": str(keys.folder)})
        wait_leased(world, "elicence")
        made = Deployed(world, urls, keys)
        operator = world.client(urls["operator"], tenant=DEPARTMENT)
        operator.elicence.put_type(**DRIVING_LICENCE)
        made.licence = operator.elicence.issue(**licence_request(holder_subject=HOLDER))["licence_id"]
        yield made


def test_a_token_counts_for_its_app_and_its_citizen(deployed: Deployed) -> None:
    assert deployed.get(APP, token=deployed.token()) == "licence"
    assert deployed.get(APP, token=deployed.token(STRANGER)) == HIDDEN
    assert deployed.get(APP, token=deployed.token(app=STOCK_APP)) == INVALID
    assert deployed.get(STOCK_APP, token=deployed.token()) == INVALID


def test_a_forged_an_old_and_a_foreign_token_are_refused(deployed: Deployed) -> None:
    forger = SigningKey.generate("sandbox/1")
    assert deployed.get(APP, token=deployed.token(key=forger)) == INVALID
    assert deployed.get(APP, token=deployed.token(at=datetime.now(UTC) - timedelta(minutes=11))) in (
        "security.token-expired", INVALID)
    for sender in ("matter", "gateway", "operator"):
        assert deployed.get(sender, token=deployed.token()) == NOT_ALLOWED


def test_a_ticket_of_matter_proves_the_person_of_its_app_and_nothing_else(deployed: Deployed) -> None:
    ticket = deployed.ticket()
    assert deployed.get("matter", ticket=ticket, tenant=DEPARTMENT) == "licence"
    assert deployed.get("matter", ticket=deployed.ticket(signed_by="notification"), tenant=DEPARTMENT) == INVALID
    assert deployed.get("matter", ticket=deployed.ticket("notification"), tenant=DEPARTMENT) == INVALID
    assert deployed.get("matter", ticket=deployed.ticket(audience=["payment"]), tenant=DEPARTMENT) == INVALID
    old = deployed.ticket(at=datetime.now(UTC) - timedelta(minutes=6))
    assert deployed.get("matter", ticket=old, tenant=DEPARTMENT) in ("security.token-expired", INVALID)


def test_a_ticket_that_an_app_or_another_apps_call_replays_is_refused(deployed: Deployed) -> None:
    ticket = deployed.ticket("gateway")
    assert deployed.get("gateway", ticket=ticket, for_app=APP, tenant=DEPARTMENT) == "licence"
    assert deployed.get("gateway", ticket=ticket, for_app=STOCK_APP, tenant=DEPARTMENT) == INVALID
    assert deployed.get(APP, ticket=ticket) == NOT_ALLOWED


def test_a_stock_client_proves_a_person_by_a_token_and_never_by_a_subject(deployed: Deployed) -> None:
    assert NOT_ALLOWED in deployed.get_plainly(STOCK_APP, subject=HOLDER)
    token = deployed.token(app=STOCK_APP)
    assert deployed.get_plainly(STOCK_APP, version="2", token=token) == "licence"
    assert HIDDEN in deployed.get_plainly(STOCK_APP, version="2", token=deployed.token(STRANGER, app=STOCK_APP))


def test_who_shows_many_wrong_tokens_waits_and_others_do_not(deployed: Deployed) -> None:
    good = deployed.token(app=STOCK_APP)
    forger = SigningKey.generate("sandbox/1")
    seen = [deployed.get(APP, token=deployed.token(f"sub_{number}", key=forger)) for number in range(MOST_FAILURES + 5)]
    assert set(seen[:5]) == {INVALID} and set(seen[-5:]) == {"security.too-many-failures"}
    assert deployed.get(STOCK_APP, token=good) == "licence"
    assert "eyJ" not in deployed.world.workers.all[0].text()
