"""Decode a broker message into calls, and check everything before the container sees any of it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any

from shared_components.bus.amqp import decoding_guard, names, wire
from shared_components.bus.amqp.caller_identity import BESIDE_THE_APP, CallerIdentity
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.errors import InvalidArguments, MalformedMessage, UnknownMethod
from shared_components.bus.server.directory_apps import KnownTenants
from shared_components.bus.server.persons import NoPersons, Persons, Sender, acting_person
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_batch import as_app_error
from shared_components.bus.server.schema_instances import schema_of
from shared_components.bus.server.sealed_arguments import SealedArguments
from shared_components.contracts.registry import MethodContract
from shared_components.kernel.acting import Acting, Ticket
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import MethodRule
from shared_components.kernel.reply_addresses import node_of
from shared_components.kernel.strict_json import GIVEN_TWICE
from shared_components.observability.tracing import new_traceparent

NAMEKO_PREFIX = "nameko."
# A deadline further away is taken for this: nobody waits for longer, and clocks and clients have no form for 1e308.
LONGEST_S = 3600.0
DEFAULT_LOCALE = "zh-CN"


@dataclass(eq=False, slots=True)
class Delivery:
    """One message that must be acknowledged when all of its calls are answered.

    again: it was delivered before, and whoever had it may have done its calls. arrived_s: of the monotonic clock.
    """

    connection: BrokerConnection
    tag: Any
    reply_to: str
    correlation_id: str | None
    plain: bool
    again: bool = False
    open: int = 0
    arrived_s: float = field(default_factory=monotonic)


@dataclass(eq=False, slots=True)
class InboundCall:
    id: Any
    method: str
    request: Request
    delivery: Delivery


class Reader:
    """Reads messages of one service's RPC queue.

    Raises (dead letter) only when nobody can be answered; a bad call in a good message is answered with its error.
    """

    def __init__(
        self, service: str, methods: Mapping[str, MethodContract], settings: Mapping[str, Any],
        persons: Persons | None = None, tenants: KnownTenants | None = None, sealed: SealedArguments | None = None,
    ) -> None:
        self._sealed = sealed
        self._service = service
        self._methods = methods
        self._identity = CallerIdentity(settings, (tenants or KnownTenants(None)).of)
        self._persons: Persons = persons or NoPersons()
        self._default_timeout_s = settings["default_timeout_s"]

    def read(self, connection: BrokerConnection, message: Any) -> tuple[Delivery, list[InboundCall]]:
        decoding_guard.refuse_unreadable(message)
        self._persons.message_arrived()
        properties = message.properties
        reply_to = properties.get("reply_to")
        if node_of(reply_to) is None:
            raise MalformedMessage(Bilingual(
                "message has no `reply_to` that is a reply queue",
                "消息没有指向答复队列的 `reply_to`"))
        correlation_id = properties.get("correlation_id")
        content_type = properties.get("content_type")
        delivery = Delivery(
            connection, message.delivery_info["delivery_tag"], reply_to, correlation_id,
            plain=content_type != names.CALLS_CONTENT_TYPE,
            again=bool(message.delivery_info.get("redelivered")),
        )
        if delivery.plain:
            if not isinstance(correlation_id, str):
                raise MalformedMessage(Bilingual(
                    "message has no `correlation_id`: its reply would reach nobody",
                    "消息没有 `correlation_id`，无法送回答复"))
            calls = [self._plain_call(delivery, message)]
        else:
            calls = self._coalesced_calls(delivery, message)
        delivery.open = len(calls)
        return delivery, calls

    def _coalesced_calls(self, delivery: Delivery, message: Any) -> list[InboundCall]:
        decoded = wire.decode_calls(message.body)
        user = message.properties.get("user_id")
        now, methods = time(), self._methods
        app = self._identity.app_alone(user)  # once a message: it is one sender's
        caller, tenant, _, department = app or ("", "", None, None)
        soonest_s, latest_s, make = now + self._default_timeout_s, now + LONGEST_S, tuple.__new__
        calls: list[InboundCall] = []
        with_secrets = () if self._sealed is None else self._sealed.methods
        for call in decoded:
            if isinstance(call, AppError):
                calls.append(_refused(delivery, call.details.pop("id"), "", call, user))
                continue
            call_id, name, kwargs, op_id, deadline_s, given = call
            try:
                contract = methods.get(name)
                rule = None if contract is None else contract.rule
                if app is not None and BESIDE_THE_APP.isdisjoint(given):
                    get = given.get
                    if deadline_s is None:
                        deadline_s = soonest_s
                    elif deadline_s > latest_s:
                        deadline_s = latest_s
                    # As `_made` has it, without a call of its own: nearly all calls of apps come by here.
                    context = make(CallContext, (
                        caller, tenant, op_id, deadline_s, get("locale") or DEFAULT_LOCALE,
                        get("traceparent") or new_traceparent(), department, None, None, get("purpose"), None, rule))
                else:
                    context = self._context(user, given, op_id, deadline_s, now, rule)
                if contract is None:
                    raise self._unknown(name)
                if op_id is None and contract.mutating:
                    raise _without_op_id(name)
                if name in with_secrets:
                    kwargs = self._opened(name, kwargs)
            except Exception as error:
                # Whatever it is: the other calls of the message are served.
                traceparent = given.get("traceparent")
                told = as_app_error(error, name, CallContext("", "", traceparent=traceparent))
                calls.append(_refused(delivery, call_id, name, told, user, traceparent))
            else:
                calls.append(InboundCall(call_id, name, Request(kwargs, context), delivery))
        return calls

    def _plain_call(self, delivery: Delivery, message: Any) -> InboundCall:
        """A stock nameko message: the method is in the routing key, the context in `nameko.…` headers."""
        service, _, method = message.delivery_info["routing_key"].partition(".")
        correlation_id = delivery.correlation_id
        assert correlation_id is not None
        try:
            if message.properties.get("content_type") != names.JSON_CONTENT_TYPE:
                raise MalformedMessage(Bilingual(
                    f"content type is not served here; allowed are '{names.JSON_CONTENT_TYPE}' "
                    f"and '{names.CALLS_CONTENT_TYPE}'",
                    f"不支持该内容类型；只允许“{names.JSON_CONTENT_TYPE}”和“{names.CALLS_CONTENT_TYPE}”"))
            if service != self._service:
                # Header CC, and exchanges that are bound to others, bring a message here under another's key.
                raise MalformedMessage(Bilingual(
                    f"routing key names another service; '{self._service}.<method>' is allowed",
                    f"路由键指向其他服务；只允许“{self._service}.<方法>”"))
            body = wire.decode_plain_call(message.body)
            contract = self._methods.get(method)
            if contract is None:
                raise self._unknown(method)
            kwargs = self._opened(method, self._plain_arguments(method, body))
            headers = _nameko_headers(message)
            op_id = headers.get("op_id")
            if op_id is not None and not wire.is_op_id(op_id):
                raise MalformedMessage(Bilingual(
                    f"header nameko.op_id is a string of 1 to {wire.MAX_ID_LENGTH} characters, none of them NUL",
                    f"消息头 nameko.op_id 须为 1 至 {wire.MAX_ID_LENGTH} 个字符的文本，不含 NUL"))
            context = self._plain_context(
                message, headers, _plain_op_id(correlation_id) if op_id is None else op_id, contract.rule)
        except AppError as error:
            return _refused(delivery, correlation_id, method, error, message.properties.get("user_id"))
        return InboundCall(correlation_id, method, Request(kwargs, context), delivery)

    def _opened(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Raises SecretNotOpened."""
        return arguments if self._sealed is None else self._sealed.opened(method, arguments)

    def _plain_arguments(self, method: str, body: Any) -> dict[str, Any]:
        if not isinstance(body, dict) or not isinstance(body.get("args"), list) \
                or not isinstance(body.get("kwargs"), dict):
            raise MalformedMessage(Bilingual(
                "a nameko call is a JSON object with a list `args` and an object `kwargs`",
                "nameko 调用须为 JSON 对象，含列表 `args` 和对象 `kwargs`"))
        kwargs = dict(body["kwargs"])
        if body["args"]:
            known = list(schema_of(self._methods[method].request).fields)
            if len(body["args"]) > len(known):
                raise InvalidArguments(Bilingual(
                    f"'{method}' takes at most {len(known)} arguments ({known}), got {len(body['args'])}",
                    f"方法“{method}”最多接受 {len(known)} 个参数（{known}），收到 {len(body['args'])} 个"))
            for name, value in zip(known, body["args"], strict=False):
                if name in kwargs:
                    raise InvalidArguments(Bilingual(
                        f"'{method}' got '{name}' by position and by name",
                        f"方法“{method}”的参数“{name}”既按位置又按名称给出"), details={
                        "fields": {name: [GIVEN_TWICE]}})
                kwargs[name] = value
        return kwargs

    def _plain_context(
        self, message: Any, headers: Mapping[str, Any], op_id: str, rule: MethodRule | None,
    ) -> CallContext:
        problem = wire.problem_of_context(headers)
        if problem is not None:
            raise MalformedMessage(problem.replace("call.context.", "header nameko."))
        return self._context(message.properties.get("user_id"), headers, op_id, None, time(), rule)

    def _unknown(self, method: str) -> UnknownMethod:
        return UnknownMethod(Bilingual(
            f"service '{self._service}' has no method '{method[:80]}'; it has {sorted(self._methods)}",
            f"服务“{self._service}”没有方法“{method[:80]}”；已有方法：{sorted(self._methods)}"),
            details={"methods": sorted(self._methods)},
        )

    def _context(
        self, user: str | None, given: Mapping[str, Any], op_id: str | None, deadline_s: float | None, now: float,
        rule: MethodRule | None = None,
    ) -> CallContext:
        caller, tenant, via, department = self._identity.of(user, given)
        acting = ticket = None
        if "token" in given or "ticket" in given:
            proof = acting_person(given, Sender(caller, via, department), self._persons)
            if proof is not None:
                caller, via, department, acting, ticket = proof
        return self._made(caller, tenant, via, department, acting, ticket, given, op_id, deadline_s, now, rule)

    def _made(
        self, caller: str, tenant: str, via: str | None, department: str | None, acting: Acting | None,
        ticket: Ticket | None, given: Mapping[str, Any], op_id: str | None, deadline_s: float | None, now: float,
        rule: MethodRule | None,
    ) -> CallContext:
        if deadline_s is None:
            deadline_s = now + self._default_timeout_s
        elif deadline_s > now + LONGEST_S:
            deadline_s = now + LONGEST_S
        get = given.get
        # Not by CallContext(…), which takes twice as long, once a call.
        return tuple.__new__(CallContext, (
            caller, tenant, op_id, deadline_s, get("locale") or DEFAULT_LOCALE, get("traceparent") or new_traceparent(),
            department, via, acting, get("purpose"), ticket, rule,
        ))


def _without_op_id(method: str) -> InvalidArguments:
    return InvalidArguments(Bilingual(
        f"'{method}' changes something: the call needs an `op_id`",
        f"方法“{method}”会更改数据：调用须带 `op_id`"), details={"fields": {"op_id": [Bilingual("missing", "缺失")]}})


def _plain_op_id(correlation_id: str) -> str:
    """A redelivered nameko message has the same correlation id: it serves as operation id."""
    if not correlation_id or "\0" in correlation_id:
        raise MalformedMessage(Bilingual(
            "`correlation_id` is empty or contains NUL; an id of its own is needed for each call",
            "`correlation_id` 为空或含有 NUL；每个调用须有各自的编号"))
    return f"nameko:{correlation_id}"[:wire.MAX_ID_LENGTH]


def _refused(
    delivery: Delivery, call_id: Any, method: str, error: AppError, user: str | None, traceparent: str | None = None,
) -> InboundCall:
    """user: who the broker says it was; what the message says of its caller may be what is wrong with it."""
    request = Request({}, CallContext(caller=user or "", tenant="", traceparent=traceparent or new_traceparent()))
    request.finish(error)
    return InboundCall(call_id, method, request, delivery)


def _nameko_headers(message: Any) -> dict[str, Any]:
    """`nameko.…` headers without their prefix; anything that is not of the expected shape is left out."""
    headers = message.properties.get("application_headers")
    if headers is None:
        headers = getattr(message, "headers", None)
    if not isinstance(headers, dict):
        return {}
    wanted = wire.CONTEXT_PATTERNS.keys() | {"op_id"}
    return {
        key.removeprefix(NAMEKO_PREFIX): value for key, value in headers.items()
        if isinstance(key, str) and key.removeprefix(NAMEKO_PREFIX) in wanted
    }
