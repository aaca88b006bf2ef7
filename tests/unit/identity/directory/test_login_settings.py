"""How an app takes part in logins: addresses, kinds of clients, keys."""
from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey
from marshmallow import ValidationError
from sqlalchemy import update

from services.identity.directory import schemas
from services.identity.directory.domain import redirects
from services.identity.directory.domain.errors import ClientInvalid
from services.identity.directory.models import AppRow
from services.identity.directory.usecases import read
from services.identity.directory.usecases.change_app import change_app
from shared_components.db import ALL_TENANTS
from shared_components.security.client_keys import client_key, problem_of_keys
from tests.unit.identity.directory.world import Directory

ALLOWED = (
    "https://tax.example/login", "https://tax.example", "https://tax.example/", "https://tax.example:8443/a/b-c_~",
    "https://xn--fiq228c.example/%E7%99%BB", "http://localhost:8080/cb", "http://127.0.0.1/cb", "http://[::1]:9000/",
)
REFUSED = (
    "https://tax.example/*", "https://*.tax.example/", "https://tax.example/login?next=1", "https://tax.example/#a",
    "http://tax.example/login", "https://tax.example:22/", "https://tax.example:99999/", "https://tax.example:0443/",
    "https://user@tax.example/", "https://tax.example@evil.example/", "https://TAX.example/", "https://tax.example./",
    "https://10.0.0.1/login", "https://tax.example/../admin", "https://tax.example/a/./b", "https://tax.example/%2e%2e/",
    "https://tax.example/a%2Fb", "https://tax.example/a%5Cb", "https://tax.example\\@evil.example/",
    "javascript:alert(1)", "com.example.app:/cb", "//tax.example/", "https:/tax.example/", "https://tax.example/a b", "https://tax.example/%",
    "https://tax.example/%zz", "https://tax.example/a\n", "http://localhost.evil.example/",
    "http://127.0.0.1.evil.example/",
    "http://127.1/cb", "http://0x7f000001/cb", "https://", "https://-tax.example/", "https://tax_.example/", "",
    "https://tax.example/" + "a" * 500,
)


@pytest.mark.parametrize("uri", ALLOWED)
def test_a_plain_address_is_allowed_and_matches_itself_alone(uri: str) -> None:
    assert redirects.problem_of(uri) is None
    assert redirects.matches(uri, uri, native=False)
    for other in (uri + "x", uri + "/", uri[:-1], uri.upper(), uri + "?a=1", uri + "#a", " " + uri):
        assert not redirects.matches(uri, other, native=False)


@pytest.mark.parametrize("uri", REFUSED)
def test_any_other_address_is_refused_and_matches_nothing_if_an_old_row_has_it(uri: str) -> None:
    assert redirects.problem_of(uri) == redirects.ALLOWED
    assert not redirects.matches(uri, uri, native=True)


def test_a_native_program_may_choose_the_port_of_a_loopback_number_that_was_registered_without_one() -> None:
    registered = "http://127.0.0.1/cb"
    assert redirects.matches(registered, "http://127.0.0.1:51004/cb", native=True)
    assert not redirects.matches(registered, "http://127.0.0.1:51004/cb", native=False)
    assert not redirects.matches(registered, "http://127.0.0.1:51004/other", native=True)
    assert not redirects.matches(registered, "http://127.0.0.1:80/cb", native=True)
    assert not redirects.matches(registered, "http://[::1]:51004/cb", native=True)
    assert not redirects.matches("http://localhost/cb", "http://localhost:51004/cb", native=True)
    assert not redirects.matches("http://127.0.0.1:4000/cb", "http://127.0.0.1:51004/cb", native=True)
    assert not redirects.matches("https://tax.example/cb", "https://tax.example:8443/cb", native=True)


PIECES = st.sampled_from([*string.printable, "tax.example", "evil.example", "127.0.0.1", "https://", "http://", "%2e"])


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
@example("https://tax.example/login@evil.example", False)
def test_no_other_text_matches_a_registered_address(text: str, native: bool) -> None:
    for registered in ("https://tax.example/login", "http://127.0.0.1:4000/cb"):
        assert redirects.matches(registered, text, native=native) == (text == registered)


@given(st.from_regex(redirects.PATTERN, fullmatch=True))
def test_the_pattern_of_the_contract_says_no_more_than_the_rule(uri: str) -> None:
    if redirects.problem_of(uri) is None:
        assert "*" not in uri and "#" not in uri and "?" not in uri and "@" not in uri.partition("://")[2].partition("/")[0]


def jwk(key: Any, kid: str = "a", **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid, **more}


EC, RSA = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)


def test_public_keys_on_p256_and_rsa_of_2048_bits_are_allowed() -> None:
    assert problem_of_keys([jwk(EC), jwk(RSA, "b", use="sig", alg="PS256")]) is None
    assert [client_key(jwk(key))[0] for key in (EC, RSA)] == ["ES256", "PS256"]
    assert problem_of_keys([jwk(EC), jwk(EC)]) is not None


@pytest.mark.parametrize("key", [
    {**EC.as_dict(private=True), "kid": "a"}, {**RSA.as_dict(private=True), "kid": "a"}, jwk(EC, alg="HS256"),
    jwk(EC, alg="PS256"), jwk(RSA, alg="RS256"), jwk(EC, use="enc"), jwk(ECKey.generate_key("P-384")),
    jwk(OKPKey.generate_key("Ed25519")), {"kty": "oct", "k": "c2VjcmV0", "kid": "a"},
    {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "a"}, {},
    {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "a"},
])
def test_any_other_key_is_refused(key: dict[str, Any]) -> None:
    assert problem_of_keys([key]) is not None


def test_a_private_key_is_refused_by_name_and_never_repeated() -> None:
    private = EC.as_dict(private=True)
    with pytest.raises(ValidationError) as refused:
        schemas.RegisterApp().load({
            "app": "app-tax", "title": "办税", "jwks": {"keys": [{**private, "kid": "a"}]}})
    messages: dict[str, Any] = refused.value.normalized_messages()
    assert str(private["d"]) not in str(refused.value) and "d" in messages["jwks"]["keys"][0]


@pytest.fixture
def tax(directory: Directory) -> str:
    return directory.add("税务局").department_id


def test_what_an_app_registers_for_its_logins_is_shown_again(directory: Directory, tax: str) -> None:
    settings = {
        "redirect_uris": ["https://tax.example/login"], "post_logout_redirect_uris": ["https://tax.example/bye"],
        "client_type": "confidential", "jwks": {"keys": [jwk(EC)]}}
    directory.register("app-tax", tax, **settings)
    shown = schemas.App().dump(directory.call(read.get_app, schemas.ByApp, app="app-tax"))["draft"]
    assert {name: shown[name] for name in ("redirect_uris", "post_logout_redirect_uris", "client_type")} == {
        name: settings[name] for name in ("redirect_uris", "post_logout_redirect_uris", "client_type")}
    assert shown["jwks"]["keys"][0]["x"] == jwk(EC)["x"]


def test_sensitive_scopes_hold_in_the_sandbox_at_once_and_in_production_after_approval(
    directory: Directory, tax: str,
) -> None:
    directory.register("app-tax", tax, sensitive_scopes=["credential"])
    app = directory.ask("app-tax", directory.person())
    assert app.draft.sensitive_scopes == ("credential",)
    assert app.approved is None
    with pytest.raises(ValidationError):
        directory.register("app-other", tax, sensitive_scopes=["order"])


def test_a_public_client_has_no_keys(directory: Directory, tax: str) -> None:
    with pytest.raises(ClientInvalid):
        directory.register("app-tax", tax, client_type="public", jwks={"keys": [jwk(EC)]})


def test_production_has_loopback_addresses_of_public_clients_only(directory: Directory, tax: str) -> None:
    for app, client_type in (("app-web", "confidential"), ("app-phone", "public")):
        directory.register(app, tax, client_type=client_type, redirect_uris=["http://127.0.0.1/cb"])
    with pytest.raises(ClientInvalid):
        directory.ask("app-web", directory.person())
    assert directory.ask("app-phone", directory.person()).production == "requested"
    directory.call(change_app, schemas.ChangeApp, app="app-web", title="办税", scopes=["*"],
                   redirect_uris=["https://tax.example/login"])
    assert directory.ask("app-web", directory.person()).production == "requested"


def test_rows_of_the_version_before_are_confidential_clients(directory: Directory, tax: str) -> None:
    directory.register("app-old", tax)
    old = {"scopes": ["*"], "in_flight": None, "calls_per_s": None, "redirect_uris": []}
    with directory.transactions.database.transaction(ALL_TENANTS) as session:
        session.execute(update(AppRow).values(draft=old))
    draft = directory.call(read.get_app, schemas.ByApp, app="app-old").draft
    assert (draft.client_type, draft.jwks, list(draft.post_logout_redirect_uris)) == ("confidential", None, [])
