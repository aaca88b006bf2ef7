"""OpenID Connect by Authlib: the platform shows the login, this app gets a person's tokens."""
from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import AsyncOAuth2Client

from permit_app.sessions import Session
from permit_app.settings import AppKey, Settings

SCOPES = {"citizen": "openid profile case licence order", "desk": "openid profile case"}
LEVEL = {"citizen": "urn:zhongtai:level:2"}
RENEW_BEFORE_S = 30


class Login:
    """One role's login: `citizen`, or `desk` for officers."""

    def __init__(self, settings: Settings, role: str, app: AppKey) -> None:
        self._settings, self._role, self._app = settings, role, app

    @property
    def _callback(self) -> str:
        return f"{self._settings.address}/{self._role}/callback"

    def _client(self, **more: Any) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._app.client_id, self._app.key, redirect_uri=self._callback, scope=SCOPES[self._role],
            code_challenge_method="S256", token_endpoint=f"{self._settings.platform}/oauth/token", **more)

    def begin(self, session: Session, back_to: str, language: str) -> str:
        """Where to send the browser. back_to: the page of this app that it comes to afterwards."""
        verifier, nonce = generate_token(48), secrets.token_urlsafe(16)
        more = {"acr_values": LEVEL[self._role]} if self._role in LEVEL else {}
        address, state = self._client().create_authorization_url(
            f"{self._settings.platform}/oauth/authorize", code_verifier=verifier, nonce=nonce, ui_locales=language,
            **more)
        session.logins[state] = {"verifier": verifier, "back_to": back_to}
        return str(address)

    async def finish(self, session: Session, url: str, query: Mapping[str, str]) -> str:
        """Take the tokens of the login that the browser comes back from; gives `back_to`. Raises LookupError."""
        begun = session.logins.pop(query.get("state", ""), None)
        if begun is None or "code" not in query:
            raise LookupError(query.get("error", "login-unknown"))
        async with self._client() as oauth:
            token = await oauth.fetch_token(
                authorization_response=url, state=query["state"], code_verifier=begun["verifier"])
            user = (await oauth.get(f"{self._settings.platform}/oauth/userinfo")).json()
        session.people[self._role] = {"token": dict(token), "user": user}
        return begun["back_to"]

    async def token(self, session: Session) -> str:
        """The person's access token, renewed where it is about to end; '' where nobody is logged in."""
        person = session.people.get(self._role)
        if person is None:
            return ""
        if person["token"].get("expires_at", 0) - time.time() < RENEW_BEFORE_S:
            async with self._client(token=person["token"]) as oauth:
                try:
                    person["token"] = dict(await oauth.refresh_token(
                        f"{self._settings.platform}/oauth/token", refresh_token=person["token"]["refresh_token"]))
                except Exception:  # The session has ended, at the platform or by age: the person logs in anew.
                    session.people.pop(self._role, None)
                    return ""
        return str(person["token"]["access_token"])

    def end(self, session: Session) -> str:
        """Where to send the browser so that the login ends at the platform, too."""
        person = session.people.pop(self._role, None)
        hint = "" if person is None else person["token"].get("id_token", "")
        return (f"{self._settings.platform}/oauth/end-session?id_token_hint={hint}"
                f"&post_logout_redirect_uri={self._settings.address}/")
