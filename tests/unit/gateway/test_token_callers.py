"""Apps that show a token in place of their key: their own, and, public clients, a person's."""
from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from shared_components.security.tokens import signed
from tests.unit.gateway.test_app_directory import CONTRACTS, KEY, Feed
from tests.unit.gateway.world import APPS, Edge, problem_of

KID, ISSUER, REALM = "sig_1", "http://127.0.0.1:8000", "city"
SIGNING, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Feed:
    monkeypatch.chdir(tmp_path)
    feed = Feed(tmp_path)
    jwk = {**SIGNING.as_dict(private=False), "kid": KID}
    feed.say("signing-key", KID, {"jwk": jwk, "realm": REALM, "issuer": ISSUER})
    return feed


def edge(feed: Feed, **more: Any) -> Edge:
    return Edge({"identity.read_feed": feed.serve}, contracts=CONTRACTS, **more)


def token(key: ECKey = SIGNING, typ: str = "at+jwt", kid: str = KID, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": REALM, "sub": "app-tax", "client_id": "app-tax", "kind": "app", "scope": "till.*",
        "iat": now, "exp": now + 600, "jti": "t", **changes}
    return signed({name: value for name, value in claims.items() if value is not None}, key, kid=kid, typ=typ)


def of_person(**changes: Any) -> str:
    return token(**{"sub": "sub_1", "sid": "ses_1", "kind": "citizen", "scope": "order", "level": 2, **changes})


def read(at: Edge, text: str) -> Any:
    return at.ask("/v1/till/read", key=text, json={"order_id": "till_1"})


def test_an_apps_own_token_calls_in_its_name_and_nobody_acts(feed: Feed) -> None:
    at = edge(feed)
    assert read(at, token()).status_code == 200
    context = at.bus.asked[-1].context
    assert (context["for_app"], context["tenant"], "ticket" in context) == ("app-tax", "tnt_tax", False)
    assert read(at, KEY).status_code == 200, "the key itself goes on to count"


@pytest.mark.parametrize(("access", "scope", "status"), [
    (["*"], "till.read", 200), (["*"], "*", 200), (["till.*"], "till.*", 200), (["till.read"], "till.read", 200),
    (["*"], "other.*", 403), (["*"], "till.write_order", 403), (["*"], "", 403), (["other.*"], "till.*", 403),
    (["till.write_order"], "till.*", 403), (["till.*"], "*", 403),
])
def test_an_apps_own_token_is_for_its_methods_as_far_as_the_app_may_still_call_them(
    feed: Feed, access: list[str], scope: str, status: int,
) -> None:
    feed.app(scopes=access)
    assert read(edge(feed), token(scope=scope)).status_code == status


@pytest.mark.parametrize("changes", [
    {"key": OTHER}, {"kid": "sig_2"}, {"typ": "JWT"}, {"aud": "other"}, {"iss": "http://evil.example"},
    {"exp": 1, "iat": 0}, {"sub": "app-other"},
    {"client_id": "matter", "sub": "matter"}, {"client_id": 1}, {"scope": None},
    {"scope": ["till.*"]},
    {"exp": int(time.time()) + 3600}, {"exp": None}, {"scope": " ".join(f"till.m{n}" for n in range(65))},
])
def test_a_wrong_token_of_an_app_opens_nothing(feed: Feed, changes: dict[str, Any]) -> None:
    assert read(edge(feed), token(**changes)).status_code == 401


def test_a_token_of_an_app_that_was_closed_or_is_public_opens_nothing(feed: Feed) -> None:
    for change in ({"state": "closed"}, {"state": "frozen"}, {"client_type": "public"}):
        feed.app(**change)
        problem_of(read(edge(feed), token()), 401, "gateway.key-unknown")
    problem_of(read(edge(feed), token(sub="app-new", client_id="app-new")), 401, "gateway.key-unknown")


def test_a_token_does_not_pass_for_a_configured_app_of_the_same_name(feed: Feed) -> None:
    at = edge(feed, apps=[*APPS, {"name": "app-tax", "tenant": "elsewhere", "key_sha256": "0" * 64}])
    problem_of(read(at, token()), 401, "gateway.key-unknown")


def test_a_token_of_an_app_is_no_token_of_a_person(feed: Feed) -> None:
    answer = edge(feed).ask("/v1/till/read", key=None, json={"order_id": "till_1"}, headers={
        "Authorization": f"Bearer {token()}", "Zhongtai-App-Key": KEY})
    problem_of(answer, 401, "security.token-invalid")


def test_a_public_client_calls_with_the_persons_token_alone(feed: Feed) -> None:
    feed.app(client_type="public")
    at = edge(feed)
    assert read(at, of_person()).status_code == 200
    context = at.bus.asked[-1].context
    assert (context["for_app"], "ticket" in context) == ("app-tax", True)
    for wrong in (of_person(key=OTHER), of_person(sid=None), of_person(client_id="app-other"), of_person(typ="JWT")):
        assert read(at, wrong).status_code == 401


def test_the_persons_token_of_any_other_client_needs_its_key(feed: Feed) -> None:
    at = edge(feed)
    problem_of(read(at, of_person()), 401, "gateway.key-unknown")
    answer = at.ask("/v1/till/read", key=None, json={"order_id": "till_1"}, headers={
        "Authorization": f"Bearer {of_person()}", "Zhongtai-App-Key": KEY})
    assert answer.status_code == 200


def test_a_session_that_has_ended_opens_nothing_to_a_public_client(feed: Feed) -> None:
    feed.app(client_type="public")
    feed.say("ended-session", "ses_1", {"until": "2099-01-01T00:00:00+00:00"})
    problem_of(read(edge(feed), of_person()), 401, "authority.session-ended")
