"""S1: access tokens of the login, as attackers make them, at the running gateway and at a service over AMQP."""
from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import httpx

from services.identity.openid.adapters import tokens as endpoint_tokens
from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs import access_tokens
from shared_components.security.proofs.access_tokens import AccessTokens
from shared_components.security.proofs.failures import MOST_FAILURES
from shared_components.security.proofs.login_keys import login_key
from tests.faults.lab import Lab
from tests.faults.logins import Logins, called, until_taken
from tests.faults.oauth_attacks import made_tokens, served_login, tokens_taken
from tests.faults.report import Report
from tests.faults.revocations import SERVICE, City
from tests.faults.token_attacks import Genuine, attacks, unverified

ID, TITLE = "S1", "access tokens of other algorithms, keys, headers, claims and forms, at the gateway, AMQP and OAuth"
TARGET = "none is taken; red with signatures and claims unchecked"
OPERATIONS, UNIT = 1, "rounds"
# Fewer than those after which a caller's tokens are refused unseen.
EACH_APP = MOST_FAILURES - 2


def run(lab: Lab, report: Report) -> None:
    report.faults = "an attacker with an app's key, genuine tokens, and signatures of the login over wrong claims"
    with tempfile.TemporaryDirectory(prefix="zhongtai-s1-") as folder, lab.world("S1", "identity", SERVICE) as world:
        attack(City(world, Path(folder)), report)
    attack_login(report)


def attack_login(report: Report) -> None:
    """The same attacks at the endpoints of OAuth: userinfo and introspection."""
    with served_login() as login:
        made = made_tokens(login)
        through = tokens_taken(login, made)
        report.add("endpoints of OAuth", {"tried": 2 * len(made), "taken": len(through)}, through)
        with patch.object(endpoint_tokens, "verified_claims", unverified):
            seen = len(tokens_taken(login, made))
    report.add_blind("endpoints of OAuth, unchecked", {"taken": seen}, seen)


def attack(city: City, report: Report) -> None:
    """Each attack by an app that has shown few wrong tokens so far, so that the token is looked at."""
    logins, client = Logins(city), httpx.Client()
    session = logins.open()
    first = logins.issue(session, "app-hall")
    until_taken(city.port, city.key, first.access_token, client)
    names = list(attacks(logins.genuine(first.access_token)))
    over_http: Counter[str] = Counter()
    over_amqp: Counter[str] = Counter()
    through = []
    for begin in range(0, len(names), EACH_APP):
        app = f"app-s1-{begin}"
        city.register(app)
        genuine = logins.genuine(logins.issue(session, app).access_token)
        until_taken(city.port, city.key, genuine.token, client)
        made = attacks(genuine)
        with BusClient(city.world.broker_url, caller=f"{app}-sandbox", tenant=city.department) as bus:
            for name in names[begin:begin + EACH_APP]:
                status, code = called(city.port, city.key, _sendable(made[name]), client)
                over_http[code] += 1
                through += [f"{name}: {status} over HTTP"] if status not in (400, 401) else []
                code = _over_amqp(bus, made[name])
                over_amqp[code] += 1
                through += [f"{name}: {code} over AMQP"] if code in ("ok", "security.too-many-failures") else []
        still = called(city.port, city.key, genuine.token, client)
        through += [] if still == (200, "ok") else [f"the genuine token gets {still} after the attacks"]
    counts = {"tried": 2 * len(names), "taken": len(through)}
    report.add("attacks", {**counts, "over HTTP": dict(over_http), "over AMQP": dict(over_amqp)}, through)
    _prove(report, logins.genuine(first.access_token))
    client.close()
    logins.close()


def _over_amqp(bus: BusClient, token: str) -> str:
    try:
        bus.with_context(None, token=token).elicence.list_types()
    except AppError as error:
        return error.code
    return "ok"


def _sendable(token: str) -> str:
    """A header has no control characters, and its end is not blank."""
    return token.replace("\0", "%00") or "x"


def _prove(report: Report, genuine: Genuine) -> None:
    claims, kid = genuine.claims, genuine.header["kid"]
    key = login_key({"jwk": genuine.public, "issuer": claims["iss"], "realm": claims["aud"]})
    with patch.object(access_tokens, "verified_claims", unverified):
        seen = sum(_is_taken(
            AccessTokens({}, issuer="", realm="", login=lambda shown: key if shown == kid else None), token, genuine)
            for token in attacks(genuine).values())
    report.add_blind("signatures and claims unchecked", {"taken": seen}, seen)


def _is_taken(verifier: AccessTokens, token: str, genuine: Genuine) -> bool:
    at = datetime.fromtimestamp(genuine.claims["iat"], UTC)
    try:
        verifier.verify(token, app=str(genuine.claims["client_id"]), at=at)
    except TokenInvalid:
        return False
    return True
