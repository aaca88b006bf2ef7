"""Failed proofs and requests of browsers are counted by address, and nothing tells whether a client exists."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.identity.credentials.domain.attempts import Limit
from services.identity.openid.domain.errors import AuthorizationRequestInvalid, TooManyLoginRequests
from services.identity.openid.domain.throttles import WINDOW, OAuthLimits, UsedUp
from tests.unit.identity.openid.test_app_tokens import Quick
from tests.unit.identity.openid.test_clients import CREDENTIALS
from tests.unit.identity.openid.world import ADDRESS, CLIENT, Login, basic

HERE, ELSEWHERE, NOBODY = "192.0.2.7", "192.0.2.8", "app-nobody-sandbox"
FEW = OAuthLimits(Limit("client", 3, WINDOW), Limit("client-address", 5, WINDOW), Limit("oauth-browser", 2, WINDOW))
ENDPOINTS = ("push", "token", "introspect", "revoke")


@pytest.fixture
def limited(login: Login) -> Login:
    login.limit(FEW)
    return login


def failed(login: Login, client: str = CLIENT, *, address: str = HERE, endpoint: str = "token") -> str:
    try:
        answer = login.ask(endpoint, CREDENTIALS, authorization=basic(client, "zts_wrong"), address=address)
    except TooManyLoginRequests as error:
        return f"wait {error.details['retry_after_s']}"
    assert answer.body is not None
    return str(answer.body["error"])


def right(login: Login, address: str = HERE) -> int:
    return login.ask("token", CREDENTIALS, authorization=basic(CLIENT, login.secret), address=address).status


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("client", [CLIENT, NOBODY])
def test_a_client_that_fails_too_often_waits_whether_it_exists_or_not(
    limited: Login, endpoint: str, client: str,
) -> None:
    said = [failed(limited, client, endpoint=endpoint) for _ in range(5)]
    assert said == ["invalid_client"] * 3 + ["wait 900"] * 2


def test_the_right_key_waits_too_and_is_heard_elsewhere_and_after_the_window(limited: Login) -> None:
    for _ in range(4):
        failed(limited)
    with pytest.raises(TooManyLoginRequests):
        right(limited)
    assert right(limited, ELSEWHERE) == 200
    limited.clock.advance(WINDOW)
    assert right(limited) == 200


def test_right_keys_cost_nothing(limited: Login) -> None:
    assert [right(limited) for _ in range(8)] == [200] * 8


def test_one_address_is_counted_over_all_names_of_clients(limited: Login) -> None:
    said = [failed(limited, f"app-n{number}") for number in range(6)]
    assert said == ["invalid_client"] * 5 + ["wait 900"]
    with pytest.raises(TooManyLoginRequests):
        right(limited)


def test_another_process_goes_on_with_the_counts(limited: Login) -> None:
    for _ in range(3):
        failed(limited)
    limited.limit(FEW)
    assert failed(limited) == "wait 900"


def test_the_quick_way_of_apps_counts_with_the_others(limited: Login) -> None:
    quick = Quick(limited)
    for _ in range(3):
        assert quick.ask(basic(CLIENT, "zts_wrong"), HERE).status == 401
    for secret in ("zts_wrong", limited.secret):
        with pytest.raises(TooManyLoginRequests):
            quick.ask(basic(CLIENT, secret), HERE)
    with pytest.raises(TooManyLoginRequests):
        right(limited)
    assert quick.ask(basic(CLIENT, limited.secret), ELSEWHERE).status == 200


def test_codes_are_not_guessed_in_the_name_of_a_public_client(limited: Login) -> None:
    limited.register("app-phone", client_type="public")
    guess: dict[str, Any] = {"grant_type": "authorization_code", "client_id": "app-phone-sandbox", "code": "x",
                             "redirect_uri": ADDRESS, "code_verifier": "v" * 64}
    for _ in range(3):
        answer = limited.ask("token", guess, address=HERE)
        assert answer.body is not None and answer.body["error"] == "invalid_grant"
    with pytest.raises(TooManyLoginRequests):
        limited.ask("token", guess, address=HERE)


def test_expired_tokens_of_a_confidential_client_are_no_failures(limited: Login) -> None:
    old = {"grant_type": "refresh_token", "refresh_token": "x"}
    for _ in range(7):
        answer = limited.ask("token", old, authorization=basic(CLIENT, limited.secret), address=HERE)
        assert answer.body is not None and answer.body["error"] == "invalid_grant"
    assert right(limited) == 200


@pytest.mark.parametrize("endpoint", ["authorize", "end_session"])
def test_browsers_begin_so_many_logins_and_logouts_at_one_address(limited: Login, endpoint: str) -> None:
    def begin(address: str) -> None:
        try:
            limited.ask(endpoint, {"client_id": NOBODY}, address=address)
        except AuthorizationRequestInvalid:
            return

    begin(HERE)
    begin(HERE)
    with pytest.raises(TooManyLoginRequests) as error:
        begin(HERE)
    assert error.value.details == {"retry_after_s": 900}
    begin(ELSEWHERE)


def test_a_gateway_that_tells_no_address_is_served_as_before(limited: Login) -> None:
    wrong = basic(CLIENT, "zts_wrong")
    assert {limited.ask("token", CREDENTIALS, authorization=wrong).status for _ in range(8)} == {401}


def test_what_a_process_remembers_is_bounded_and_ends(login: Login) -> None:
    used_up, now = UsedUp(), login.clock.now()
    for number in range(10_050):
        used_up.note(FEW.client, str(number), now + timedelta(seconds=9))
    used_up.check([(FEW.client, "0")], now)
    with pytest.raises(TooManyLoginRequests):
        used_up.check([(FEW.client, "10049")], now)
    used_up.check([(FEW.client, "10049")], now + timedelta(seconds=9))
