"""The HTTP API of RabbitMQ's management plugin: definitions out and in, users removed, from another container or pod.

Source: https://www.rabbitmq.com/docs/http-api-reference
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx

from shared_components.bus.deployment.administration import BrokerNotManaged
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput

TIMEOUT_S = 30.0
ALLOWED = "http or https, a user with its password, a host and a port, as http://directory-sync:PASSWORD@rabbitmq:15672"


class ManagementUrlInvalid(InvalidInput):
    code = "bus.management-url-invalid"
    texts = {"en": "The address of the broker's management is invalid.", "zh": "消息代理管理地址无效。"}


class ManagementApi:
    """url: with the user and password of an administrator of the broker. Errors name neither.

    Raises ManagementUrlInvalid.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise _url_invalid() from None
        whole = parts.scheme in ("http", "https") and host and parts.username and parts.password
        if not whole or parts.path.strip("/") or parts.query or parts.fragment:
            raise _url_invalid()
        self._place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._login = (unquote(parts.username or ""), unquote(parts.password or ""))

    def export_definitions(self) -> dict[str, Any]:
        """Raises BrokerNotManaged."""
        answer = self._ask("GET", "/api/definitions")
        try:
            content: dict[str, Any] = answer.json()
        except ValueError:
            raise self._failed("gave no JSON", "的响应不是 JSON") from None
        return content

    def import_definitions(self, content: Mapping[str, Any]) -> None:
        """Raises BrokerNotManaged."""
        self._ask("POST", "/api/definitions", content)

    def delete_user(self, name: str) -> None:
        """Raises BrokerNotManaged."""
        self._ask("DELETE", f"/api/users/{quote(name, safe='')}")

    def close_connections(self, user: str, reason: str) -> None:
        """Close the user's connections. Raises BrokerNotManaged."""
        self._ask("DELETE", f"/api/connections/username/{quote(user, safe='')}", reason=reason)

    def _ask(
        self, method: str, path: str, content: Mapping[str, Any] | None = None, *, reason: str = "",
    ) -> httpx.Response:
        headers = {"X-Reason": reason} if reason else {}
        try:
            # A connection each: the watcher asks rarely, and the broker may have been replaced since.
            answer = httpx.request(
                method, self._place + path, json=content, headers=headers, auth=self._login, timeout=TIMEOUT_S,
                trust_env=False)
        except httpx.HTTPError as error:
            raise self._failed(
                f"cannot be reached: {type(error).__name__}", f"无法访问：{type(error).__name__}") from None
        if not answer.is_success:
            raise self._failed(f"answers {answer.status_code} to {method} {path}",
                               f"对 {method} {path} 返回 {answer.status_code}")
        return answer

    def _failed(self, what: str, what_zh: str) -> BrokerNotManaged:
        return BrokerNotManaged(Bilingual(
            f"the broker's management at {self._place} {what}", f"位于 {self._place} 的消息代理管理接口{what_zh}"))


def _url_invalid() -> ManagementUrlInvalid:
    return ManagementUrlInvalid(Bilingual(
        f"the management address has not the right form; allowed: {ALLOWED}",
        f"管理地址的形式不正确；允许：{ALLOWED}"))
