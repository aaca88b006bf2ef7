"""Requests of Notify client libraries: the app is found by its token, then each is one call of notification."""
from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters import headers
from services.gateway.adapters.bodies import read_body
from services.gateway.adapters.callers import Callers
from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.exchange import Exchange, exchange_of
from services.gateway.adapters.json_objects import json_object
from services.gateway.adapters.notify import bodies
from services.gateway.adapters.notify.refusals import (
    BAD_REQUEST,
    VALIDATION,
    notify_refusal,
    refused,
    template_not_found,
)
from services.gateway.domain.apps import App, InFlight
from services.gateway.domain.errors import BodyMalformed, HttpMethodNotAllowed, MethodNotGranted
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.registry import ServiceContract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, NotFound
from shared_components.kernel.ids import new_id

SERVICE, IDENTIFY, SEND, READ = "notification", "identify_notify_caller", "send", "get"
PREFIX = "/v2"
PAGE = 250
LONGEST_AUTHORIZATION = 8300
JSON = "application/json"
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class Caller:
    """One request of an app that is known. call: a method of notification, in the app's name."""

    def __init__(
        self, bus: AsyncBus, limits: Limits, exchange: Exchange, app: App, key_id: str, op_id: str,
    ) -> None:
        self._bus, self._limits, self._exchange, self._op_id = bus, limits, exchange, op_id
        self.app, self.key_id = app, key_id

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Any:
        return await timed_call(
            self._bus, SERVICE, method, arguments, timeout_s=self._limits.default_timeout_s, op_id=self._op_id,
            context=self._exchange.context(self.app.tenant))

    async def body(self) -> dict[str, Any]:
        """The JSON object of the request. Raises NotifyRequestRefused, BodyTooLarge, BodyTooSlow."""
        raw = await read_body(
            self._exchange, limit=self._limits.body_bytes, timeout_s=self._limits.body_timeout_s)
        try:
            return json_object(raw)
        except BodyMalformed:
            raise refused(BAD_REQUEST, "Invalid JSON supplied in POST data") from None


Answering = Callable[[Request, Caller], Coroutine[Any, Any, Response]]


class NotifyEndpoints:
    """tenant: what the bus asks of the message that recognises an app; its own is the key's."""

    def __init__(
        self, callers: Callers, bus: AsyncBus, limits: Limits, in_flight: InFlight, *, base_url: str, tenant: str,
    ) -> None:
        self._callers, self._bus, self._limits, self._in_flight = callers, bus, limits, in_flight
        self._base_url, self._tenant = base_url, tenant

    def routes(self) -> list[Route]:
        one = "{notification_id}"
        return [
            self._route("/notifications/email", "POST", SEND, self._sending("email")),
            self._route("/notifications/sms", "POST", SEND, self._sending("sms")),
            self._route("/notifications/letter", "POST", SEND, self._letter),
            self._route(f"/notifications/{one}/pdf", "GET", READ, self._letter),
            self._route(f"/notifications/{one}", "GET", READ, self._one),
            self._route("/notifications", "GET", READ, self._list),
            self._route("/template/{template_id}/preview", "POST", READ, self._preview),
            self._route("/template/{template_id}/version/{version}", "GET", READ, self._template),
            self._route("/template/{template_id}", "GET", READ, self._template),
            self._route("/templates", "GET", READ, self._templates),
            self._route("/received-text-messages", "GET", READ, self._received),
        ]

    def _route(self, path: str, allowed: str, method: str, answer: Answering) -> Route:
        async def endpoint(request: Request) -> Response:
            exchange = exchange_of(request)
            exchange.path, exchange.refusal = PREFIX + path, notify_refusal
            if request.method != allowed:
                raise HttpMethodNotAllowed(
                    Bilingual(
                        f"HTTP method is {request.method[:20]}; {allowed} is allowed",
                        f"HTTP 方法为 {request.method[:20]}；只允许 {allowed}"), details={"allow": [allowed]})
            caller = await self._recognised(request, exchange, method)
            with self._in_flight.one(caller.app):
                return await answer(request, caller)

        route = Route(PREFIX + path, endpoint)
        # The endpoint itself says which HTTP methods are allowed.
        route.methods = None
        return route

    async def _recognised(self, request: Request, exchange: Exchange, method: str) -> Caller:
        """Raises NotifyTokenMissing, NotifyTokenRefused, KeyUnknown, MethodNotGranted, DirectoryNotReached."""
        shown = request.headers.get("authorization", "")[:LONGEST_AUTHORIZATION]
        known = await timed_call(
            self._bus, SERVICE, IDENTIFY, {"authorization": shown or None},
            timeout_s=self._limits.default_timeout_s, op_id=new_id("op"), context=exchange.context(self._tenant))
        app = await self._callers.app_named(known["app"], known["tenant"])
        exchange.app = app.name
        if not app.may_call(SERVICE, method):
            raise MethodNotGranted(Bilingual(
                f"app '{app.name}' has no grant for '{SERVICE}.{method}'",
                f"应用“{app.name}”未获授权调用“{SERVICE}.{method}”"))
        op_id = headers.idempotency_key(exchange.given.get(b"idempotency-key"))
        return Caller(self._bus, self._limits, exchange, app, known["key_id"], op_id)

    def _sending(self, channel: str) -> Answering:
        async def send(request: Request, caller: Caller) -> Response:
            arguments = bodies.sending(await caller.body(), channel, caller.key_id)
            try:
                message = await caller.call("send_by_notify", arguments)
            except NotFound as unknown:
                raise _as_template(unknown) from None
            return _json(bodies.created(message, self._base_url), 201)

        return send

    async def _letter(self, request: Request, caller: Caller) -> Response:
        """The platform sends no letters on paper."""
        raise refused(BAD_REQUEST, "Service is not allowed to send letters")

    async def _one(self, request: Request, caller: Caller) -> Response:
        message_id = bodies.our_id(request.path_params["notification_id"], bodies.MESSAGE, "notification_id")
        message = await caller.call("get_by_notify", {"message_id": message_id})
        return _json(bodies.notification(message, self._base_url))

    async def _list(self, request: Request, caller: Caller) -> Response:
        query = request.query_params
        statuses, types = query.getlist("status"), query.getlist("template_type")
        bodies.known_only(query, ("status", "template_type", "reference", "older_than", "include_jobs"))
        for of in types:
            _one_of("template_type", of)
        arguments: dict[str, Any] = {"limit": PAGE, "states": bodies.states_of(statuses)}
        channels = {of for of in types if of != "letter"}
        nothing = (statuses and not arguments["states"]) or (types and not channels)
        if len(channels) == 1:
            (arguments["channel"],) = channels
        if query.get("reference"):
            arguments["reference"] = query["reference"]
        if query.get("older_than"):
            arguments["older_than"] = bodies.our_id(query["older_than"], bodies.MESSAGE, "older_than")
        items = [] if nothing else (await caller.call("list_by_notify", arguments))["items"]
        found = [bodies.notification(message, self._base_url) for message in items]
        return _json({"notifications": found, "links": self._links(request, "/notifications", found)})

    async def _template(self, request: Request, caller: Caller) -> Response:
        template_id = bodies.our_id(request.path_params["template_id"], bodies.TEMPLATE, "id")
        arguments: dict[str, Any] = {"template_id": template_id}
        version = request.path_params.get("version")
        if version is not None:
            if not (version.isascii() and version.isdigit() and len(version) < 12 and 0 < int(version) < 2**31):
                raise refused(VALIDATION, "version is not a whole number of 1 or more")
            arguments["version"] = int(version)
        return _json(bodies.template(await caller.call("get_notify_template", arguments)))

    async def _templates(self, request: Request, caller: Caller) -> Response:
        bodies.known_only(request.query_params, ("type",))
        of = request.query_params.get("type")
        if of is not None:
            _one_of("type", of)
        if of == "letter":
            return _json({"templates": []})
        found = await caller.call("list_notify_templates", {} if of is None else {"channel": of})
        return _json({"templates": [bodies.template(one) for one in found["items"]]})

    async def _preview(self, request: Request, caller: Caller) -> Response:
        template_id = bodies.our_id(request.path_params["template_id"], bodies.TEMPLATE, "id")
        body = await caller.body()
        bodies.known_only(body, ("personalisation",))
        values = bodies.personalisation(body.get("personalisation"))
        found = await caller.call("preview_notify_template", {"template_id": template_id, "values": values})
        return _json(bodies.preview(found))

    async def _received(self, request: Request, caller: Caller) -> Response:
        raise refused(BAD_REQUEST, "Service is not allowed to receive text messages")

    def _links(self, request: Request, path: str, found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """`next` until a page is empty."""
        given = [(name, value) for name, value in request.query_params.multi_items() if name != "older_than"]
        here = f"{self._base_url}{PREFIX}{path}"
        links = {"current": _with_query(here, request.query_params.multi_items())}
        if found:
            # First: the Python client takes the first UUID of the link, and a reference may be one.
            links["next"] = _with_query(here, [("older_than", found[-1]["id"]), *given])
        return links


def notify_routes(
    contracts: Sequence[ServiceContract], callers: Callers, bus: AsyncBus, limits: Limits, in_flight: InFlight, *,
    base_url: str, tenant: str,
) -> list[Route]:
    """No routes where notification is not served."""
    if not any(contract.service == SERVICE and IDENTIFY in contract.methods for contract in contracts):
        return []
    return NotifyEndpoints(callers, bus, limits, in_flight, base_url=base_url, tenant=tenant).routes()


def _as_template(unknown: AppError) -> AppError:
    return template_not_found() if unknown.code == "notification.template-unknown" else unknown


def _one_of(name: str, given: str) -> None:
    if given not in bodies.TYPES:
        raise refused(VALIDATION, f"{name} {given[:40]} is not one of [{', '.join(bodies.TYPES)}]")


def _with_query(address: str, given: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(given)}" if given else address


def _json(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type=JSON)
