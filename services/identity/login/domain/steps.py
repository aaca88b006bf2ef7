"""Steps of a login, and which one is next."""
from __future__ import annotations

from dataclasses import dataclass

IDENTIFIER, PASSWORD, CODE, TOTP = "identifier", "password", "code", "totp"
STEP_UP, PRESENCE, OFFICER_ROLE, PRINCIPAL, CONSENT = (
    "step-up", "presence", "officer-role", "choose-principal", "consent")
UPSTREAM, DONE = "upstream", "done"
STEPS = (IDENTIFIER, PASSWORD, CODE, TOTP, STEP_UP, PRESENCE, UPSTREAM, OFFICER_ROLE, PRINCIPAL, CONSENT, DONE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts about a login: those reached, and those still lacking.

    known: somebody has shown who they are, or a session of the browser counts. two_factors: the account asks for a
    second factor, and it has not been shown. level: of assurance, as the proofs and the evidence give it.
    has_post: a membership was chosen. mandates: whether there is somebody to act for. consents: scopes without consent.
    """

    known: bool
    two_factors: bool = False
    level: int = 0
    needed: int = 0
    is_officer: bool = False
    has_post: bool = False
    mandates: bool = False
    has_principal: bool = False
    consents: tuple[str, ...] = ()


def next_step(standing: Standing) -> str:
    """Give the step that comes next: identity first, then its strength, then in which capacity, then consent."""
    if not standing.known:
        return IDENTIFIER
    if standing.two_factors:
        return TOTP
    if standing.level < standing.needed:
        return STEP_UP
    if standing.is_officer and not standing.has_post:
        return OFFICER_ROLE
    if standing.mandates and not standing.has_principal and not standing.is_officer:
        return PRINCIPAL
    return CONSENT if standing.consents else DONE
