"""The login in the demonstration: an app's OpenID client, and a person's browser without scripts."""
from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Any

from shared_components.devstack.demo.failures import DemoFailed
from shared_components.devstack.demo.worlds import World, wait_for
from shared_components.devstack.form_browser import FormBrowser

LEVEL = "urn:zhongtai:level:2"
SCOPE = "openid profile case"
_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
Told = Callable[[str, str], None]


class Login:
    """One login. told: hears what was done on which page."""

    def __init__(self, world: World, told: Told) -> None:
        with warnings.catch_warnings():
            # The package shows its own warnings always: the filter comes after its import.
            import authlib.deprecate  # noqa: F401

            warnings.simplefilter("ignore")
            from authlib.common.security import generate_token
            from authlib.integrations.httpx_client import OAuth2Client
        self._world, self._told = world, told
        self._verifier = generate_token(48)
        self._oauth = OAuth2Client(
            world.app, world.app_key, redirect_uri=world.redirect_uri, scope=SCOPE, code_challenge_method="S256")

    def tokens(self, identifier: str) -> Mapping[str, Any]:
        """Tokens for the person with this identifier, who shows a one-time code, levels up and consents."""
        address, _ = self._oauth.create_authorization_url(
            f"{self._world.url}/oauth/authorize", code_verifier=self._verifier, acr_values=LEVEL)
        with FormBrowser(outside=self._world.redirect_uri, locale="zh") as browser:
            browser.open(address)
            self._say(browser, "her e-mail address")
            browser.submit("code", identifier=identifier)
            self._say(browser, "the code from her mail")
            browser.submit(code=wait_for("mail", "the one-time code arrived", self._code))
            self._say(browser, "name and number compared: level 2")
            browser.submit(way="evidence:name-number-match")
            self._say(browser, "she allows the app to see and file her cases")
            browser.submit("allow")
            if not browser.is_outside:
                raise DemoFailed("login", f"the browser is on '{browser.heading}' {browser.problems}")
            tokens: Mapping[str, Any] = self._oauth.fetch_token(
                f"{self._world.url}/oauth/token", authorization_response=browser.address,
                code_verifier=self._verifier)
        self._oauth.close()
        return tokens

    def _say(self, browser: FormBrowser, what: str) -> None:
        if browser.status != 200:
            raise DemoFailed("login", f"page '{browser.heading}' answered {browser.status}: {browser.problems}")
        self._told(browser.heading, what)

    def _code(self) -> str | None:
        return next(filter(None, map(code_in, self._world.sent_mails())), None)


def code_in(mail: EmailMessage) -> str | None:
    """The one-time code in a mail, if it is one with a code."""
    body = mail.get_body(preferencelist=("plain",))
    found = None if body is None else _CODE.search(body.get_content())
    return None if found is None else found[0]
