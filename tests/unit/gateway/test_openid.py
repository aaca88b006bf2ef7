"""Endpoints of OAuth over HTTP: what is passed on to identity, and what is refused before."""
from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.gateway.adapters.openid.endpoints import MAX_BYTES
from shared_components.bus.errors import BrokerUnavailable
from shared_components.contracts import Message
from shared_components.contracts.registry import MethodContract, ServiceContract
from shared_components.db.feeds import FeedStale
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput, TooManyRequests
from tests.unit.gateway.world import OTHER, TILL, Edge, problem_of, slowly

METHODS = ("oauth_metadata", "oauth_keys", "oauth_push", "oauth_authorize", "oauth_token", "oauth_introspect",
           "oauth_revoke", "oauth_userinfo", "oauth_end_session", "oauth_app_token")
IDENTITY = ServiceContract("identity", "3.1", {
    name: MethodContract(name=name, request=Message, reply=Message, callers=("gateway",)) for name in METHODS})
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANTED = {"status": 200, "body": {"access_token": "at"}, "location": None, "challenge": None}
REFUSED = {"status": 401, "body": {"error": "invalid_client"}, "location": None, "challenge": 'Basic realm="zhongtai"'}
TO_LOGIN = {"status": 303, "body": None, "location": "/login?request=r", "challenge": None}


class RequestInvalid(InvalidInput):
    code = "identity.authorization-request-invalid"
    texts = {"en": "The app's request for a login is not valid.", "zh": "应用的登录请求无效。"}


def edge(**answers: Any) -> Edge:
    return Edge({f"identity.{name}": answer for name, answer in answers.items()}, contracts=(TILL, OTHER, IDENTITY))


def post(at: Edge, path: str, content: Any = "a=1", **headers: str) -> httpx.Response:
    return at.ask(path, key=None, content=content, headers={**FORM, **headers})


@pytest.mark.parametrize("path", ["par", "token", "introspect", "revoke"])
def test_a_form_is_passed_on_as_it_came_and_the_answer_is_kept_nowhere(path: str) -> None:
    method = "oauth_push" if path == "par" else f"oauth_{path}"
    at = edge(**{method: GRANTED})
    answer = post(at, f"/oauth/{path}", "grant_type=x&a=%20b&a=c", Authorization="Basic YTpi")
    assert (answer.status_code, answer.json()) == (200, GRANTED["body"])
    assert answer.headers["cache-control"] == "no-store" and answer.headers["pragma"] == "no-cache"
    assert answer.headers["content-type"] == "application/json"
    asked = at.bus.asked[0]
    assert asked.kwargs == {
        "parameters": "grant_type=x&a=%20b&a=c", "authorization": "Basic YTpi", "address": "127.0.0.1"}
    assert set(asked.context) == {"tenant", "locale", "traceparent"}, "the gateway's own work, for no app"


def test_a_refusal_keeps_its_status_and_challenge() -> None:
    answer = post(edge(oauth_token=REFUSED), "/oauth/token")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="zhongtai"')


@pytest.mark.parametrize(("content", "headers", "status"), [
    ("{}", {"Content-Type": "application/json"}, 415), ("a=1", {"Content-Type": "multipart/form-data"}, 415),
    ("a=1", {"Content-Type": ""}, 415), (b"a=\xff", {}, 400), ("a=" + "x" * MAX_BYTES, {}, 413),
    ("a=1", {"Content-Encoding": "gzip"}, 415),
])
def test_what_is_no_small_form_is_refused_in_the_words_of_oauth(
    content: Any, headers: dict[str, str], status: int,
) -> None:
    at = edge(oauth_token=GRANTED)
    answer = post(at, "/oauth/token", content, **headers)
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")
    assert answer.json()["error_description"].isascii()
    assert at.bus.asked == []


def test_a_form_that_does_not_come_to_its_end_is_refused() -> None:
    answer = Edge({}, contracts=(IDENTITY,), body_timeout_s=0.2).ask(
        "/oauth/token", key=None, content=slowly(b"a=1", b"&b=2", pause_s=0.5), headers=FORM)
    assert (answer.status_code, answer.json()["error"]) == (408, "invalid_request")


@pytest.mark.parametrize(("path", "method"), [
    ("/oauth/token", "GET"), ("/oauth/par", "PUT"), ("/oauth/userinfo", "DELETE"), ("/oauth/revoke", "HEAD")])
def test_another_http_method_is_refused(path: str, method: str) -> None:
    answer = edge().ask(path, method, key=None)
    assert answer.status_code == 405
    assert answer.headers["allow"] == ("GET, POST" if "userinfo" in path else "POST")


def test_services_that_cannot_be_reached_are_temporarily_unavailable() -> None:
    answer = post(edge(oauth_token=BrokerUnavailable()), "/oauth/token")
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert answer.headers["retry-after"] == "1"
    crashed = post(edge(oauth_token=RuntimeError("secret")), "/oauth/token")
    assert (crashed.status_code, "secret" in crashed.text) == (500, False)


def test_an_address_that_fails_too_often_is_told_to_slow_down() -> None:
    answer = post(edge(oauth_token=TooManyRequests(details={"retry_after_s": 40})), "/oauth/token")
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (429, "slow_down", "40")
    page = edge(oauth_authorize=TooManyRequests(details={"retry_after_s": 40})).ask(
        "/oauth/authorize?client_id=a", "GET", key=None, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["retry-after"]) == (429, "40")
    assert page.headers["content-type"].startswith("text/html")


def test_the_address_is_what_a_proxy_of_ours_saw() -> None:
    proxied = Edge({"identity.oauth_token": GRANTED}, contracts=(IDENTITY,), trusted_proxies=["127.0.0.1"])
    direct = edge(oauth_token=GRANTED)
    for at, seen in ((proxied, "192.0.2.9"), (direct, "127.0.0.1")):
        post(at, "/oauth/token", **{"X-Forwarded-For": "198.51.100.1, 192.0.2.9"})
        assert at.bus.asked[0].kwargs["address"] == seen


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_browser_is_sent_where_identity_says(method: str) -> None:
    at = edge(oauth_authorize=TO_LOGIN)
    query = "client_id=app-tax&state=%E4%BD%A0"
    answer = at.ask("/oauth/authorize?" + query, "GET", key=None) if method == "GET" else post(
        at, "/oauth/authorize", query)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?request=r")
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    assert at.bus.asked[0].kwargs == {"parameters": query, "address": "127.0.0.1"}


def test_a_browser_with_a_wrong_request_is_shown_a_page_and_a_program_a_problem() -> None:
    wrong = RequestInvalid(Bilingual("redirect_uri is not registered", "redirect_uri 未登记"))
    at = edge(oauth_authorize=wrong)
    page = at.ask("/oauth/authorize?a=1", "GET", key=None, headers={"Accept": "text/html", "Accept-Language": "zh"})
    assert page.status_code == 400 and "redirect_uri 未登记" in page.text and "<html" in page.text
    assert "location" not in page.headers
    problem_of(at.ask("/oauth/authorize?a=1", "GET", key=None), 400, wrong.code)


def test_a_query_that_is_too_long_is_refused() -> None:
    at = edge(oauth_authorize=TO_LOGIN)
    assert at.ask("/oauth/authorize?a=" + "x" * MAX_BYTES, "GET", key=None).status_code == 413
    assert at.bus.asked == []


def test_a_token_for_userinfo_counts_in_the_header_alone() -> None:
    at = edge(oauth_userinfo=GRANTED)
    at.ask("/oauth/userinfo?access_token=t", "GET", key=None)
    post(at, "/oauth/userinfo", "access_token=t", Authorization="Bearer t")
    assert [asked.kwargs["authorization"] for asked in at.bus.asked] == [None, "Bearer t"]
    assert [asked.kwargs["parameters"] for asked in at.bus.asked] == ["", ""]


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
def test_the_metadata_are_asked_for_once_and_open_to_every_web_page(path: str) -> None:
    at = edge(oauth_metadata={"document": {"issuer": "i"}}, oauth_keys={"document": {"keys": []}})
    answers = [at.ask(path, "GET", key=None) for _ in range(3)]
    assert [answer.json() for answer in answers] == [{"issuer": "i"}] * 3
    assert answers[0].headers["access-control-allow-origin"] == "*"
    assert at.ask("/oauth/jwks", "GET", key=None).json() == {"keys": []}
    assert [asked.target for asked in at.bus.asked] == ["identity.oauth_metadata", "identity.oauth_keys"]


def test_pages_of_configured_origins_may_ask_for_tokens() -> None:
    at = Edge({"identity.oauth_token": GRANTED}, contracts=(IDENTITY,), cors_origins=["https://spa.example"])
    asked = {"Origin": "https://spa.example"}
    assert post(at, "/oauth/token", **asked).headers["access-control-allow-origin"] == "https://spa.example"
    assert "access-control-allow-origin" not in post(at, "/oauth/token", Origin="https://evil.example").headers


def test_without_identity_there_is_nothing_at_these_addresses() -> None:
    problem_of(Edge().ask("/oauth/token", key=None, content="a=1", headers=FORM), 404, "gateway.path-unknown")


def test_an_app_with_a_key_goes_the_quick_way_and_the_slow_one_when_the_copy_is_stale() -> None:
    form = "scope=x&grant_type=client_credentials"
    at = edge(oauth_app_token=GRANTED, oauth_token=REFUSED)
    assert post(at, "/oauth/token", form).status_code == 200
    assert post(at, "/oauth/token", form + "&client_assertion=x").status_code == 401
    assert post(edge(oauth_app_token=FeedStale(), oauth_token=GRANTED), "/oauth/token", form).status_code == 200
