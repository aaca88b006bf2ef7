"""A browser at the gateway's login pages; identity behind them answers as the test says."""
from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx

from shared_components.contracts.registry import MethodContract, ServiceContract
from tests.unit.gateway.world import URL, Edge, Order, Read

IDENTITY = ServiceContract("identity", "1.0", {
    "begin_login": MethodContract(name="begin_login", request=Read, reply=Order, callers=("gateway",))})
COOKIE, DEVICE = "zhongtai-login", "zhongtai-device"
SECRET = "s" * 43
STEP: dict[str, Any] = {
    "interaction": "lgn_1", "page": "identifier", "location": None, "language": None, "app_title": "一网通办",
    "app_owner": "市政务服务局", "account": None, "identifier": None, "choices": [], "providers": [], "level_now": 0,
    "level_needed": 0, "restart": True, "leads_to": "https://app.example/back?x=1", "errors": [], "new_browser": None,
}
ACCOUNT: dict[str, Any] = {
    "account": "林*", "location": None, "notice": None, "choices": [], "errors": [], "new_browser": None,
    "enrolment": None, "codes": [], "file": None, "rows": [
        {"id": "ses_1", "title": "Chrome", "state": "正常", "facts": [{"label": "登录时间", "value": "2026-11-30"}],
         "actions": [{"value": "end", "label": "结束会话", "hint": None}]}],
}


class Browser:
    """Keeps cookies and sends forms as a browser does. answers: method of identity → reply."""

    def __init__(self, answers: Mapping[str, Any], *, url: str = URL, **changes: Any) -> None:
        self.edge = Edge(
            {f"identity.{name}": answer for name, answer in answers.items()}, contracts=[IDENTITY], **changes)
        self.cookies: dict[str, str] = {COOKIE: SECRET, DEVICE: SECRET}
        self._url = url

    @property
    def asked(self) -> list[Any]:
        return self.edge.bus.asked

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._send(httpx.Request("GET", self._url + path, headers=self._headers(headers)))

    def post(self, path: str, form: Mapping[str, str] | bytes, **headers: str) -> httpx.Response:
        """As the browser posts a form of this platform, unless headers say otherwise; an empty one is left out."""
        given = {"origin": self._url, "sec-fetch-site": "same-origin", **headers}
        given = {name: value for name, value in given.items() if value}
        content: dict[str, Any] = {"content": form} if isinstance(form, bytes) else {"data": dict(form)}
        if isinstance(form, bytes):
            given = {"content-type": "application/x-www-form-urlencoded", **given}
        return self._send(httpx.Request("POST", self._url + path, headers=self._headers(given), **content))

    def csrf(self, path: str, *, action: str | None = None) -> str:
        """The token in the page's form that posts to `action`, else in the first one."""
        page = self.get(path).text
        form = page if action is None else page[page.index(f'action="{action}'):]
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', form)
        assert found, page
        return unescape(found[1])

    def _headers(self, given: Mapping[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**({"cookie": cookies} if cookies else {}), **{k.replace("_", "-"): v for k, v in given.items()}}

    def _send(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self.edge._send(request))
