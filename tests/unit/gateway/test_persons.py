"""A person over HTTP: an access token beside the app's key, and a ticket for the services behind the gateway."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared_components.bus.server.persons import Sender
from shared_components.bus.server.session_persons import SessionPersons
from shared_components.kernel.acting import Acting
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.key_folder import KeyFolder
from tests.unit.gateway.world import KEY_A, KEY_B, Edge, problem_of

CITIZEN = Acting("sub_1", "ses_1", level=2, scopes=frozenset({"order"}))


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyFolder:
    monkeypatch.chdir(tmp_path)
    return KeyFolder(tmp_path / "var" / "keys", makes=True)


def token(keys: KeyFolder, app: str = "app-a", **more: Any) -> str:
    signer = AccessTokenSigner(keys.signing_key("sandbox"), issuer="sandbox", realm="sandbox")
    return signer.sign(CITIZEN, app=app, at=more.pop("at", datetime.now(UTC)), **more)


def shown(text: str, key: str = KEY_A) -> dict[str, Any]:
    return {"key": None, "headers": {"Authorization": f"Bearer {text}", "Zhongtai-App-Key": key}}


def test_the_services_get_a_ticket_and_never_the_token(keys: KeyFolder) -> None:
    edge, text = Edge(), token(keys)
    assert edge.read(**shown(text)).status_code == 200
    context = edge.bus.asked[0].context
    assert text not in context.values()
    assert (context["for_app"], context["version"]) == ("app-a", "2")
    till = SessionPersons("till", keys, issuer="sandbox", realm="sandbox", takes=["gateway"], calls=[])
    proof = till.of_ticket(context["ticket"], Sender("app-a", "gateway", "tenant-a"))
    assert (proof.acting, proof.caller, proof.via) == (CITIZEN, "app-a", "gateway")


def test_an_app_alone_calls_as_before_and_may_name_its_key_in_either_header(keys: KeyFolder) -> None:
    edge = Edge()
    assert edge.read().status_code == 200
    assert edge.read(key=None, headers={"Zhongtai-App-Key": KEY_A}).status_code == 200
    assert [set(asked.context) for asked in edge.bus.asked] == [{"for_app", "tenant", "locale", "traceparent"}] * 2


def test_a_token_counts_only_with_the_key_of_its_app(keys: KeyFolder) -> None:
    edge = Edge()
    problem_of(edge.read(**shown(token(keys), KEY_B)), 401, "security.token-invalid")
    problem_of(edge.read(**shown(token(keys), "no key of anybody")), 401, "gateway.key-unknown")
    problem_of(edge.read(key=token(keys)), 401, "gateway.key-unknown")
    assert edge.bus.asked == []


@pytest.mark.parametrize("text", ["e30.e30.x", "x", KEY_A])
def test_a_token_that_is_none_is_refused(keys: KeyFolder, text: str) -> None:
    problem_of(Edge().read(**shown(text)), 401, "security.token-invalid")


def test_a_token_that_is_over_is_refused(keys: KeyFolder) -> None:
    old = token(keys, at=datetime.now(UTC) - timedelta(hours=1))
    problem_of(Edge().read(**shown(old)), 401, "security.token-expired")


def test_production_without_keys_takes_no_token(keys: KeyFolder) -> None:
    problem_of(Edge(environment="production").read(**shown(token(keys))), 401, "gateway.sessions-not-served")


def test_an_app_that_tries_many_tokens_is_told_to_wait(keys: KeyFolder) -> None:
    edge = Edge()
    answers = [edge.read(**shown(f"e30.e30.{number}")) for number in range(25)]
    assert (answers[0].status_code, answers[-1].status_code) == (401, 429)
    assert int(answers[-1].headers["retry-after"]) >= 1
