"""The sandbox provider's HTTP face: discovery, a page on which one chooses who signs in, tokens, userinfo."""
from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from services.identity.sandbox.city import city
from services.identity.sandbox.openid.grants import Asked, Grant, Grants, Refusal
from services.identity.sandbox.population import PERSONS
from shared_components.pages.presentation import presentation_of
from shared_components.pages.rendering import Pages
from shared_components.pages.responses import COMMON_ASSETS, common_asset, form_page_headers
from shared_components.pages.texts import Texts

ACRS = ("level-1", "level-2", "level-3")
"""Registered; name and number checked; face checked."""
CHINESE: Texts = {
    "Sandbox identity provider": "沙箱身份认证",
    "Identity number": "居民身份证号码",
    "How the person is verified": "核验程度",
    "Sign in": "登录",
    "Give up": "取消",
    "The person is not in the sandbox's population.": "该人员不在沙箱人口中。",
    "Everybody here is invented; `zhongtai sandbox people` lists them.":
        "此处人员均为虚构，可用 zhongtai sandbox people 查看。",
}


class SandboxOpenId:
    """issuer: how browsers and relying parties reach it."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str) -> None:
        self._issuer, self._client_id, self._secret = issuer, client_id, client_secret
        self._grants = Grants(issuer, client_id)
        self._pages = Pages("services.identity.sandbox.openid", chinese=CHINESE)

    def application(self) -> Starlette:
        return Starlette(routes=[
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._keys),
            Route("/authorize", self._choose, methods=["GET"]),
            Route("/authorize", self._sign_in, methods=["POST"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/userinfo", self._userinfo),
            *(Route(f"/assets/{name}", common_asset(name).response) for name in COMMON_ASSETS),
        ])

    def _discovery(self, _request: Request) -> Response:
        at = self._issuer
        return JSONResponse({
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo", "jwks_uri": f"{at}/jwks", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"], "acr_values_supported": list(ACRS),
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        })

    def _keys(self, _request: Request) -> Response:
        return JSONResponse(self._grants.keys())

    def _choose(self, request: Request) -> Response:
        asked = self._asked(request.query_params)
        return _no_request() if asked is None else self._page(request, asked)

    def _page(self, request: Request, asked: Asked, *, unknown: bool = False) -> Response:
        shown = presentation_of(request.query_params, request.headers.get("accept-language"))
        text = self._pages.render(
            "sign_in.html", shown, path=request.url.path, query=request.url.query, acrs=ACRS, unknown=unknown)
        leads_to = "/".join(asked.redirect_uri.split("/")[:3])
        return Response(text, 400 if unknown else 200, form_page_headers(shown.locale, leads_to=[leads_to]))

    async def _sign_in(self, request: Request) -> Response:
        asked = self._asked(request.query_params)
        if asked is None:
            return _no_request()
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        if "cancel" in form:
            return self._back(asked, error="access_denied")
        number, acr = form.get("number", "").strip().upper(), form.get("acr", ACRS[0])
        name = PERSONS.get(number) or next((each.name for each in city().persons if each.number == number), None)
        if name is None or acr not in ACRS:
            return self._page(request, asked, unknown=True)
        return self._back(asked, code=self._grants.code(Grant(asked, number, name, acr, int(time.time()))))

    def _back(self, asked: Asked, **said: str) -> Response:
        query = urlencode({**said, "state": asked.state, "iss": self._issuer})
        return RedirectResponse(f"{asked.redirect_uri}?{query}", 303)

    def _asked(self, query: Mapping[str, str]) -> Asked | None:
        fits = query.get("client_id") == self._client_id and query.get("response_type") == "code"
        fits = fits and query.get("code_challenge_method") == "S256" and "openid" in query.get("scope", "").split()
        wanted = [query.get(name, "") for name in ("redirect_uri", "state", "nonce", "code_challenge")]
        return Asked(*wanted) if fits and all(wanted) else None

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        try:
            self._authenticate(request.headers.get("authorization", ""))
            if form.get("grant_type") != "authorization_code":
                raise Refusal("unsupported_grant_type")
            answer: dict[str, Any] = self._grants.redeem(
                form.get("code", ""), redirect_uri=form.get("redirect_uri", ""),
                verifier=form.get("code_verifier", ""))
        except Refusal as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status)
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    def _userinfo(self, request: Request) -> Response:
        try:
            return JSONResponse(self._grants.userinfo(
                request.headers.get("authorization", "").removeprefix("Bearer ")))
        except Refusal as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status)

    def _authenticate(self, header: str) -> None:
        try:
            given = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
        except ValueError:
            given = ""
        client_id, _, secret = given.partition(":")
        if unquote(client_id) != self._client_id or not hmac.compare_digest(
                unquote(secret).encode(), self._secret.encode()):
            raise Refusal("invalid_client", 401)


def _no_request() -> Response:
    return PlainTextResponse("This is no authorization request that this provider takes.", 400)
