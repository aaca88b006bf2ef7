"""Takes personal data and secrets out of log fields: by the field's class, by its name, and by the value's shape."""
from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

from shared_components.contracts import ServiceContract, field_classes
from shared_components.contracts.base import PERSONAL, SECRET, SENSITIVE
from shared_components.observability.exceptions import describe_exception
from shared_components.observability.patterns import MASK, scrub, scrub_free_text

OMITTED = "[omitted]"
MAX_DEPTH, MAX_ITEMS, MAX_TEXT = 6, 50, 2000

RAW = frozenset({
    "body", "raw", "raw_body", "payload", "kwargs", "args", "data", "form", "content", "values", "parameters", "params",
    "positional_args", "request", "reply", "message_body", "statement",
})
# The last word of a field's name tells what it holds: holder_name, notify_email, apiKey.
PRIVATE_WORDS = frozenset({
    "name", "mobile", "phone", "tel", "telephone", "email", "mail", "address", "addr", "birthday", "password",
    "passwd", "pwd", "secret", "token", "key", "authorization", "credential", "credentials", "cookie", "signature",
    "pin", "otp", "passphrase",
})
PRIVATE = frozenset({
    "id_number", "idnumber", "id_no", "id_card", "identity_number", "holder_id", "holder_id_number", "birth_date",
    "date_of_birth", "card_number", "bank_account", "pan", "cvv", "photo", "username", "user", "nickname", "recipient",
    "sender", "set-cookie", "passport", "姓名", "身份证", "身份证号", "身份证号码", "手机", "手机号",
    "手机号码", "电话", "邮箱", "电子邮箱", "地址", "住址", "密码", "口令", "令牌", "密钥",
})
# Names of things, not of people; keys that are no secrets.
PUBLIC = frozenset({
    "service_name", "type_name", "event_name", "method_name", "handler_name", "queue_name",
    "exchange_name", "table_name", "logger_name", "thread_name", "process_name", "file_name", "filename", "hostname",
    "host_name", "routing_key", "idempotency_key", "config_key", "configuration_key", "template_name", "listen_address",
    "item_name", "unit_name", "issuer_name", "step_name", "matter_name",
})
# Made by us, of hexadecimal digits that may look like a phone number.
UNTOUCHED = frozenset({"trace_id", "span_id", "traceparent", "op_id", "event_id", "timestamp", "level", "logger"})
# What the infrastructure says of itself under keys of its own: identifiers and numbers, never what a service was given.
# A service's contract may call a person's datum the same; that is said of the service's fields, not of these.
OWN = frozenset({
    "service", "method", "handler", "consumer", "session", "caller", "check", "code", "outcome", "status", "messages",
    "calls", "group_size", "duration_ms",
})
OWN_LOGGERS = ("shared_components.", "zhongtai.")

REDACTED = frozenset({PERSONAL, SENSITIVE, SECRET})
_registered: dict[str, str] = {}


def register_fields(names: Mapping[str, str]) -> None:
    """Redact these field names. names: field name → data class; those not in REDACTED are ignored."""
    _registered.update((name.lower(), kind) for name, kind in names.items() if kind in REDACTED)


def secret_names() -> frozenset[str]:
    """Names of the fields that hold passwords, codes or keys, by the contracts that are registered here."""
    return frozenset(name for name, kind in _registered.items() if kind == SECRET)


def register_contract(contract: ServiceContract) -> None:
    """Redact what a service's requests, replies and events declare as personal, sensitive or secret."""
    for method in contract.methods.values():
        register_fields(dict(field_classes(method.request())))
        register_fields(dict(field_classes(method.reply())))
    for event in contract.events:
        register_fields(dict(field_classes(event.data())))


def is_private(name: str) -> bool:
    """Whether a field of this name is never logged."""
    lower = name.lower()
    if lower in _registered or lower in PRIVATE:
        return True
    if lower in PUBLIC:
        return False
    # apiKey and api-key are api_key, too
    last = re.split(r"[_\-. ]", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))[-1].lower()
    return last in PRIVATE_WORDS


def redact(value: Any, name: str = "", depth: int = 0) -> Any:
    """A value as it may be logged under a name."""
    if name in UNTOUCHED:
        return value if isinstance(value, str | int | float | type(None)) else MASK
    if name and value is not None and not isinstance(value, bool):
        if is_private(name):
            return MASK
        if name.lower() in RAW:
            return OMITTED
    return _redact_value(value, depth)


def _redact_value(value: Any, depth: int) -> Any:
    match value:
        case None | bool() | float():
            return value
        case enum.Enum():
            return _redact_value(value.value, depth)
        case int():
            return value if abs(value) < 10**10 or scrub(str(value)) == str(value) else MASK
        case str():
            return scrub(value if len(value) <= MAX_TEXT else value[:MAX_TEXT] + "…")
        case date() | time() | timedelta() | Decimal() | UUID() | PurePath():
            return scrub(str(value))
        case bytes() | bytearray() | memoryview():
            return f"<{len(value)} bytes>"
        case BaseException():
            return describe_exception(value)
        case Mapping():
            return _redact_mapping(value, depth)
        case list() | tuple() | set() | frozenset():
            return _redact_items(value, depth)
    # A repr may show any attribute of an object.
    return f"<{type(value).__name__}>"


def _redact_mapping(value: Mapping[Any, Any], depth: int) -> Any:
    if depth >= MAX_DEPTH:
        return OMITTED
    items = list(value.items())[:MAX_ITEMS]
    return {scrub_free_text(str(key)): redact(inner, str(key), depth + 1) for key, inner in items}


def _redact_items(value: Iterable[Any], depth: int) -> Any:
    if depth >= MAX_DEPTH:
        return OMITTED
    return [_redact_value(inner, depth + 1) for inner in list(value)[:MAX_ITEMS]]


def redaction_processor(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: the last one before rendering."""
    clean: dict[str, Any] = {}
    ours = str(event_dict.get("logger", "")).startswith(OWN_LOGGERS)
    for name, value in event_dict.items():
        if name == "event":
            clean[name] = scrub_free_text(value if isinstance(value, str) else f"<{type(value).__name__}>")
        elif name == "exception":
            clean[name] = value  # already free of messages that are not ours
        elif ours and name in OWN:
            clean[name] = _redact_value(value, 0)
        else:
            clean[scrub_free_text(name)] = redact(value, name)
    return clean
