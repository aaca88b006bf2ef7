"""S1 at the login's own endpoints: access tokens and hints as attackers make them."""
from __future__ import annotations

from typing import Any

import pytest

from services.identity.openid.domain.errors import AuthorizationRequestInvalid
from tests.faults.oauth_attacks import genuine, tokens_taken
from tests.faults.token_attacks import attacks
from tests.unit.identity.openid.world import CLIENT, Login


def test_no_made_up_access_token_is_taken_by_an_endpoint(login: Login) -> None:
    token = login.tokens()["access_token"]
    made = attacks(genuine(login, token))
    assert len(made) >= 40
    assert tokens_taken(login, made) == []
    assert login.userinfo(token).status == 200


@pytest.mark.parametrize("changes", [
    {"iss": "https://evil.example"}, {"aud": "app-other-sandbox"}, {"aud": [CLIENT]}, {"aud": None}, {"iat": 10**11},
    {"iat": "now"},
])
def test_a_hint_with_other_claims_is_no_hint_even_if_we_had_signed_it(login: Login, changes: dict[str, Any]) -> None:
    token = genuine(login, login.tokens()["id_token"])
    claims = {name: value for name, value in {**token.claims, **changes}.items() if value is not None}
    with pytest.raises(AuthorizationRequestInvalid):
        login.ask("end_session", {"id_token_hint": token.sign(claims, "JWT"), "client_id": CLIENT})


@pytest.mark.parametrize("typ", ["at+jwt", "ticket+jwt", ""])
def test_a_token_of_another_kind_is_no_hint(login: Login, typ: str) -> None:
    token = genuine(login, login.tokens()["id_token"])
    with pytest.raises(AuthorizationRequestInvalid):
        login.ask("end_session", {"id_token_hint": token.sign(token.claims, typ)})
