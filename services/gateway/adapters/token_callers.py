"""Apps that show a token in place of their key: one of their own, or, public clients, that of a person."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from services.gateway.domain.apps import SCHEME, App
from services.gateway.domain.errors import KeyUnknown
from shared_components.security.proofs.app_tokens import KIND, AppTokens
from shared_components.security.tokens import TrustedKey, claims_stated


class KnowsClients(Protocol):
    """The directory by the names under which apps call."""

    def client(self, name: str) -> App | None:
        """An active app."""
        ...

    def signing_key(self, kid: str) -> TrustedKey | None: ...


def token_in(authorization: str | None) -> str | None:
    """The token of the header; None for another scheme, and for an app key, which has no dots."""
    scheme, _, text = (authorization or "").strip().partition(" ")
    return text.strip() if scheme.lower() == SCHEME and text.count(".") == 2 else None


class TokenCallers:
    """Recognises an app by a token alone."""

    def __init__(self, directory: KnowsClients) -> None:
        self._directory = directory
        self._tokens = AppTokens(directory.signing_key)

    def app_of(self, token: str, at: datetime) -> App:
        """The app, with the methods that its own token is for. A person's token is verified afterwards.

        Raises TokenInvalid, TokenExpired, KeyUnknown.
        """
        stated = claims_stated(token)
        if stated.get("kind") == KIND:
            shown = self._tokens.verify(token, at=at)
            app = self._directory.client(shown.app)
            if app is None or app.is_public:
                raise KeyUnknown
            return narrowed(app, shown.methods)
        client_id = stated.get("client_id")
        app = self._directory.client(client_id) if isinstance(client_id, str) else None
        if app is None or not app.is_public:
            # A token of a person counts only with the key of its app, unless the app can keep no key.
            raise KeyUnknown
        return app


def narrowed(app: App, methods: tuple[str, ...]) -> App:
    """The app with those of the methods that it may still call: its access may have shrunk since."""
    return replace(app, methods=tuple(method for method in methods if _may(app, method)))


def _may(app: App, method: str) -> bool:
    service, dot, name = method.partition(".")
    return app.may_call(service, name) if dot and name != "*" else method in app.methods or (
        dot != "" and "*" in app.methods)
