"""The browser's secrets: cookies that bind a login to one browser, and tokens that bind a form to its cookie."""
from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.domain.errors import FormForeign, FormStale
from shared_components.kernel.bilingual import Bilingual

BROWSER, DEVICE = "zhongtai-login", "zhongtai-device"
DEVICE_DAYS = 365
SECRET_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
CSRF = "csrf"


@dataclass(frozen=True, slots=True)
class BrowserSecrets:
    """browser: of the login, until the browser is closed or a login is done. device: long-lived, for throttles only."""

    browser: str | None
    device: str | None


class BrowserCookies:
    """Reads and sets the cookies. origin: of the platform's public address."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        # Browsers take `__Host-` over TLS only; without TLS the platform is served on loopback, in development.
        self._secure = origin.startswith("https://")

    def secrets_of(self, request: Request) -> BrowserSecrets:
        """The secrets that the browser sent; None for one that is missing or is not of our form."""
        found = [request.cookies.get(self._name(name), "") for name in (BROWSER, DEVICE)]
        browser, device = (value if _SECRET.fullmatch(value) else None for value in found)
        return BrowserSecrets(browser, device)

    def set(self, response: Response, given: Mapping[str, str | None]) -> None:
        """Set the secrets that are not None. given: BROWSER, DEVICE → secret."""
        for name, value in given.items():
            if value is not None:
                response.set_cookie(
                    self._name(name), value, secure=self._secure, httponly=True, samesite="lax", path="/",
                    max_age=DEVICE_DAYS * 86_400 if name == DEVICE else None)

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self._secure else name


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def csrf_token(secret: str, path: str) -> str:
    """The token of forms on this page in this browser."""
    return hmac.digest(secret.encode(), f"csrf/{path}".encode(), hashlib.sha256).hex()


def check_form(
    request: Request, cookies: BrowserCookies, secret: str | None, given: str | None, *, page: str | None = None,
) -> None:
    """Refuse a form that another site sent, or that is of another browser or page.

    page: the path of the page that has the form; None: the request's own. Raises FormForeign, FormStale.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if (origin is None and site is None) or (origin or cookies.origin) != cookies.origin or (
            site or "same-origin") != "same-origin":
        raise FormForeign(Bilingual(
            f"the form was not sent by a page of this platform; only {cookies.origin} is allowed",
            f"表单不是由本平台页面提交；只允许来自 {cookies.origin} 的页面"))
    if secret is None or given is None or not hmac.compare_digest(
            csrf_token(secret, page or request.url.path).encode(), given.encode("utf-8", "surrogatepass")):
        raise FormStale
