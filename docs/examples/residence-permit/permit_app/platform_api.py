"""The platform's HTTP API, as this app uses it."""
from __future__ import annotations

from typing import Any

import httpx

from permit_app.settings import AppKey

TIMEOUT_S = 20.0
RETRIES = 2
"""A lost answer is asked for again with the same operation id: nothing is done twice."""
ASK_AGAIN = frozenset({503, 504})


class PlatformError(Exception):
    """A refusal. code: stable. title: to be shown, in the caller's language. fields: what is wrong with each."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.code = str(problem.get("code", "unknown"))
        self.title = str(problem.get("title") or problem.get("detail") or self.code)
        self.fields: dict[str, Any] = problem.get("fields") or problem.get("details", {}).get("fields", {}) or {}
        self.status = int(problem.get("status", 500))
        super().__init__(f"{self.code}: {problem.get('detail', '')}")


class Platform:
    """Calls as one app; with a person's access token also for that person."""

    def __init__(self, address: str, app: AppKey, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._app = app
        self._http = httpx.AsyncClient(base_url=address, timeout=TIMEOUT_S, transport=transport)

    async def call(
        self, method: str, /, *, token: str = "", op_id: str = "", language: str = "zh", **request: Any,
    ) -> dict[str, Any]:
        """`matter.get_case` → POST /v1/matter/get-case.

        token: the access token of the person for whom the app calls. op_id: made where the person's intent begins.
        Raises PlatformError.
        """
        service, _, name = method.partition(".")
        headers = {"Accept-Language": language}
        if token:
            headers |= {"Authorization": f"Bearer {token}", "Zhongtai-App-Key": self._app.key}
        else:
            headers["Authorization"] = f"Bearer {self._app.key}"
        if op_id:
            headers["Idempotency-Key"] = op_id
        for attempt in range(RETRIES + 1):
            response = await self._http.post(f"/v1/{service}/{name.replace('_', '-')}", json=request, headers=headers)
            if response.status_code not in ASK_AGAIN or attempt == RETRIES:
                break
        answer: dict[str, Any] = response.json()
        if response.is_error:
            raise PlatformError({"status": response.status_code, **answer})
        return answer

    async def close(self) -> None:
        await self._http.aclose()
