"""The gateway's app with a bus of the test's own, asked in this process."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import httpx
from marshmallow import fields, validate
from starlette.types import ASGIApp

from services.gateway.domain.apps import key_hash
from services.gateway.providers import make_app
from shared_components.contracts import Message
from shared_components.contracts.registry import MethodContract, ServiceContract
from shared_components.kernel.errors import Conflict, StalePrecondition
from shared_components.observability.health import Health
from tests.unit.gateway.fake_bus import FakeBus

KEY_A, KEY_B = "key-of-app-a-0123456789", "key-of-app-b-0123456789"
APPS: list[dict[str, Any]] = [
    {"name": "app-a", "tenant": "tenant-a", "key_sha256": key_hash(KEY_A)},
    {"name": "app-b", "tenant": "tenant-b", "key_sha256": key_hash(KEY_B), "methods": ["till.read", "other.*"]},
]
ORDER = {"order_id": "till_1", "state": "open"}
URL = "http://127.0.0.1:8000"


class DrawerLocked(Conflict):
    code = "till.drawer-locked"
    texts = {"en": "The drawer is locked.", "zh": "抽屉已锁。"}


class DrawerChanged(StalePrecondition):
    code = "till.drawer-changed"
    texts = {"en": "The drawer has changed.", "zh": "抽屉已变化。"}


class Line(Message):
    item_code = fields.String(required=True, validate=validate.Regexp(r"\A[A-Z]{21}\Z"))
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(2, 9))


class Write(Message):
    payer_name = fields.String(required=True, validate=validate.Length(1, 20), metadata={"data_class": "personal"})
    lines = fields.List(fields.Nested(Line), required=True, validate=validate.Length(1, 5))
    due_on = fields.Date(required=True)


class Read(Message):
    """One <b>order</b>."""

    order_id = fields.String(required=True, validate=validate.Length(1, 64))


class Order(Message):
    order_id = fields.String(required=True)
    state = fields.String(required=True)


def _method(name: str, request: type[Message], **more: Any) -> MethodContract:
    return MethodContract(name=name, request=request, reply=Order, **{"callers": ("gateway",), "public": True, **more})


TILL = ServiceContract("till", "1.3", {
    "write_order": _method("write_order", Write, mutating=True, errors=(DrawerLocked, DrawerChanged),
                           summary="Writes <script>alert(1)</script> & more."),
    "read": _method("read", Read, summary="Reads one order."),
    "count_money": _method("count_money", Read, public=False),
    "open_drawer": _method("open_drawer", Read, callers=("operator",)),
}, summary="A till & its <drawer>.")
OTHER = ServiceContract("other", "0.1", {"look": _method("look", Read, summary="Looks.")}, summary="Something else.")


def configuration(**changes: Any) -> dict[str, Any]:
    """changes: of the gateway's section; `environment`, `health_port`, `sample` and `public_url` beside it."""
    url = changes.pop("public_url", URL)
    folder = changes.pop("materials", "var/materials")
    environment, health_port = changes.pop("environment", "development"), changes.pop("health_port", None)
    return {
        "environment": environment, "http": {"public_url": url + "/"}, "log": {"sample": changes.pop("sample", 1.0)},
        "bus": {"default_timeout_s": 10.0, "default_tenant": "default"}, "health": {"port": health_port},
        "materials": {"folder": str(folder)}, "services": {"gateway": {"apps": APPS, **changes}},
    }


def healthy() -> Health:
    health = Health()
    health.add_liveness("http", lambda: None)
    return health


def app_of(
    bus: FakeBus, *, contracts: Iterable[ServiceContract] = (TILL, OTHER), health: Health | None = None, **changes: Any,
) -> ASGIApp:
    return make_app(configuration(**changes), bus, list(contracts), health or healthy())


class Edge:
    """The app, asked over ASGI; the bus behind it answers as `bus.answers` says."""

    def __init__(self, answers: Mapping[str, Any] | None = None, **changes: Any) -> None:
        self.bus = FakeBus({"till.write_order": ORDER, "till.read": ORDER, "other.look": ORDER, **(answers or {})})
        self.app = app_of(self.bus, **changes)

    def ask(
        self, path: str, method: str = "POST", *, key: str | None = KEY_A, headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> httpx.Response:
        given = ({"Authorization": f"Bearer {key}"} if key else {}) | dict(headers or {})
        return asyncio.run(self._send(httpx.Request(method, URL + path, headers=given, **content)))

    def write(self, **more: Any) -> httpx.Response:
        return self.ask("/v1/till/write-order", **{"json": {"a": 1}, **more})

    def read(self, **more: Any) -> httpx.Response:
        return self.ask("/v1/till/read", **{"json": {"order_id": "till_1"}, **more})

    async def _send(self, request: httpx.Request) -> httpx.Response:
        response = await httpx.ASGITransport(app=self.app, raise_app_exceptions=True).handle_async_request(request)
        await response.aread()
        return response


def problem_of(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Its body, when it is a Problem as RFC 9457 and our promise have it."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), response.text
    assert problem["type"] == f"{URL}/docs/errors#{code}"
    assert len(problem["trace_id"]) == 32
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in response.text
    return problem


async def slowly(*parts: bytes, pause_s: float) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(pause_s)
