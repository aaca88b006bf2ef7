"""S26: tokens and tickets are forged, changed, replayed for another app or service, or shown after their end."""
from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.identity.openid.domain.code import AuthorizationCode
from shared_components.bus.server.persons import Sender
from shared_components.kernel.errors import AppError
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.tickets import TicketSigner
from shared_components.security.tokens import SigningKey, TokenVerifier
from tests.faults.lab import Lab
from tests.faults.oauth_attacks import ATTEMPTS as OF_OAUTH
from tests.faults.oauth_attacks import proofs_taken
from tests.faults.report import Report
from tests.unit.security.proofs.test_s26_forged_and_replayed import APP, AT, CITIZEN, World

ID, TITLE = "S26", "tokens, tickets, codes forged, replayed, of another app, audience or issuer, after their end"
TARGET = "each is refused; red with signatures unchecked, and with codes bound to nothing"
OPERATIONS, UNIT = 1, "rounds"
MATTER = Sender("matter", None, None)


def run(lab: Lab, report: Report) -> None:
    report.faults = "an attacker with genuine tickets and tokens, keys of their own, and a service's broker user"
    through = [name for name in ATTEMPTS if is_taken(name)]
    report.add("attempts", {"tried": len(ATTEMPTS), "taken": len(through)}, through)
    with patch.object(TokenVerifier, "verify", _unverified):
        seen = sum(is_taken(name) for name in ATTEMPTS)
    report.add_blind("signatures and claims unchecked", {"taken": seen}, seen)
    attack_login(report)


def attack_login(report: Report) -> None:
    """Proofs of another client, kind or time at the endpoints of OAuth."""
    through = proofs_taken()
    report.add("endpoints of OAuth", {"tried": len(OF_OAUTH), "taken": len(through)}, through)
    with patch.object(AuthorizationCode, "is_for", lambda *_, **__: True):
        seen = len(proofs_taken())
    report.add_blind("codes for any address, verifier and time", {"taken": seen}, seen)


def whole(kind: str) -> bool:
    """Tell whether a genuine token or ticket is taken."""
    with tempfile.TemporaryDirectory(prefix="zhongtai-s26-") as folder:
        world = World(Path(folder) / "keys")
        if kind == "token":
            return world.matter.of_token(world.token(), APP).acting == CITIZEN
        return world.payment.of_ticket(world.ticket(), MATTER).acting == CITIZEN


def is_taken(name: str) -> bool:
    """Tell whether an attempt gets through."""
    with tempfile.TemporaryDirectory(prefix="zhongtai-s26-") as folder:
        world = World(Path(folder) / "keys")
        try:
            ATTEMPTS[name](world)
        except AppError:
            return False
        return True


def _unverified(_self: TokenVerifier, token: str, *, at: Any) -> dict[str, Any]:
    segment = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    return claims


def _late_token(world: World) -> None:
    token = world.token()
    world.clock.advance(timedelta(minutes=11))
    world.matter.of_token(token, APP)


def _late_ticket(world: World) -> None:
    ticket = world.ticket()
    world.clock.advance(timedelta(minutes=11))
    world.payment.of_ticket(ticket, MATTER)


def _of_stranger(world: World) -> str:
    forger = AccessTokenSigner(SigningKey.generate("sandbox/1"), issuer="sandbox", realm="sandbox")
    return forger.sign(CITIZEN, app="app-a", at=AT)


def _forged_ticket(world: World) -> str:
    signer = TicketSigner(world.keys.signing_key("matter"), issuer="gateway")
    return signer.sign(CITIZEN, app="app-a", department="police", audience=["payment"], at=AT)


ATTEMPTS: dict[str, Callable[[World], Any]] = {
    "token of a stranger's key": lambda world: world.matter.of_token(_of_stranger(world), APP),
    "token of another app": lambda world: world.matter.of_token(world.token(app="app-b"), APP),
    "ticket as token": lambda world: world.matter.of_token(world.ticket(), APP),
    "token as ticket": lambda world: world.payment.of_ticket(world.token(), MATTER),
    "ticket in another's name": lambda world: world.payment.of_ticket(_forged_ticket(world), MATTER),
    "ticket of an issuer not taken": lambda world: world.payment.of_ticket(world.ticket("notification"), MATTER),
    "ticket for another service": lambda world: world.payment.of_ticket(world.ticket(audience="elicence"), MATTER),
    "ticket for another app": lambda world: world.payment.of_ticket(
        world.ticket(), Sender("app-b", "gateway", "police")),
    "ticket for another department": lambda world: world.payment.of_ticket(
        world.ticket(), Sender("app-a", "gateway", "tax")),
    "token after its end": _late_token,
    "ticket after its end": _late_ticket,
}
