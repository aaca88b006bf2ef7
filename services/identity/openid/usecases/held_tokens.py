"""Find what a refresh token belongs to, without using it."""
from __future__ import annotations

from typing import Protocol

from services.identity.sessions.domain.grant import Grant
from services.identity.sessions.domain.ports import HasGrants, HasRefreshSecrets
from services.identity.sessions.usecases.issue_tokens import PREFIX

LONGEST = 200


class HeldTokensTx(HasGrants, HasRefreshSecrets, Protocol):
    """The transaction of finding a refresh token."""


def grant_of_token(tx: HeldTokensTx, text: str) -> Grant | None:
    """The grant of a refresh token, used or not; None for any other text."""
    token_id, dot, secret = text.removeprefix(PREFIX).partition(".")
    if not text.startswith(PREFIX) or not dot or len(text) > LONGEST or not text.isascii():
        return None
    family = tx.grants.families([token_id]).get(token_id)
    if family is None or not tx.refresh_secrets.matches(family.token, secret):
        return None
    return family.grant
