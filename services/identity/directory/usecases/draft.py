"""The access that an app asks for, as a command states it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.identity.directory.domain.access import Access


class StatesAccess(Protocol):
    """A command that states the whole access of an app."""

    @property
    def scopes(self) -> Sequence[str]: ...
    @property
    def in_flight(self) -> int | None: ...
    @property
    def calls_per_s(self) -> int | None: ...
    @property
    def redirect_uris(self) -> Sequence[str]: ...
    @property
    def post_logout_redirect_uris(self) -> Sequence[str]: ...
    @property
    def client_type(self) -> str: ...
    @property
    def jwks(self) -> Mapping[str, Any] | None: ...
    @property
    def sensitive_scopes(self) -> Sequence[str]: ...


def draft_of(command: StatesAccess) -> Access:
    """Raises ClientInvalid."""
    return Access(
        tuple(command.scopes), command.in_flight, command.calls_per_s, tuple(command.redirect_uris),
        tuple(command.post_logout_redirect_uris), command.client_type, _without_nulls(command.jwks),
        tuple(sorted(set(command.sensitive_scopes))),
    ).require_consistent()


def _without_nulls(jwks: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Keys with the members that they have: an EC key has no modulus."""
    if jwks is None:
        return None
    return {"keys": [{name: value for name, value in key.items() if value is not None} for key in jwks["keys"]]}
