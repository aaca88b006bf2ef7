"""Wire format: encoding and decoding of calls, replies, errors and events, as docs/wire-format.md describes it.

Decoding trusts nothing: whatever does not fit is a MalformedMessage that names the part, never another exception.
"""
from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

import orjson

from shared_components.bus.errors import InvalidArguments, MalformedMessage, nameko_error
from shared_components.kernel import strict_json
from shared_components.kernel.apps import APP_NAME
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import Event
from shared_components.kernel.dates import parse_time
from shared_components.kernel.errors import AppError, InvalidInput
from shared_components.kernel.strict_json import JsonRefused

log = logging.getLogger(__name__)

MAX_CALLS_PER_MESSAGE = 256
# Field errors of a list's entries have their positions, numbers, as keys.
_ERROR_OPTION = orjson.OPT_NON_STR_KEYS
# A time has more than one form in JSON, and a dataclass is no mapping: neither is sent unasked.
_CALL_OPTION = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
MAX_MESSAGE_BYTES = 256 * 1024
MAX_ID_LENGTH = 128
# Characters of an event's parts, as inbox and outbox store them. The id is also the message id, at most 255 bytes.
EVENT_PART_LENGTHS = {"id": 64, "type": 64, "source": 64, "occurred_at": 64, "aggregate": 128, "tenant": 64}
# what each part of a context may look like; unknown parts are ignored
CONTEXT_PATTERNS = {
    "caller": re.compile(r"[A-Za-z0-9_.:-]{1,64}"),
    "for_app": re.compile(APP_NAME),
    "tenant": re.compile(r"[A-Za-z0-9_.:-]{1,64}"),
    # Refused whoever states it: a person is proved by a token or a ticket.
    "subject": re.compile(r"[A-Za-z0-9_.:-]{1,128}"),
    "version": re.compile(r"[0-9]{1,4}"),
    "token": re.compile(r"[A-Za-z0-9_-]{1,1024}(\.[A-Za-z0-9_-]{1,1024}){2}"),
    "ticket": re.compile(r"[A-Za-z0-9_-]{1,2048}(\.[A-Za-z0-9_-]{1,2048}){2}"),
    "purpose": re.compile(r"[A-Za-z0-9_.:/-]{1,128}"),
    "locale": re.compile(r"[A-Za-z0-9-]{2,35}"),
    "traceparent": re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
}
# Callers and tenants are few, and looking one up that was matched before takes a third of the time of matching it.
_FEW = ("caller", "for_app", "tenant", "locale")
MOST_VALUES_KNOWN = 1000
_FITS: dict[str, Callable[[str], object]] = {
    key: lru_cache(MOST_VALUES_KNOWN)(pattern.fullmatch) if key in _FEW else pattern.fullmatch
    for key, pattern in CONTEXT_PATTERNS.items()
}  # fmt: skip
CONTEXT_VERSION = "2"
"""The version of a context that carries a token or a ticket; without either none is stated."""
MAX_TOKEN_BYTES, MAX_TICKET_BYTES = 1024, 2048


class WireCall(NamedTuple):
    """One call as it came in, shape-checked but not yet validated against its method's schema."""

    id: str
    method: str
    kwargs: dict[str, Any]
    op_id: str | None
    deadline_s: float | None
    context: Mapping[str, str]


def encode_call(
    call_id: str, method: str, kwargs: Mapping[str, Any], op_id: str | None, deadline_s: float | None,
    context: Mapping[str, str],
) -> bytes:
    body: dict[str, Any]
    if op_id is not None and deadline_s is not None and context:  # nearly always
        body = {"id": call_id, "method": method, "kwargs": kwargs, "op_id": op_id,
                "deadline": int(deadline_s * 1000) / 1000, "context": context}  # in half the time of `round`
    else:
        body = {"id": call_id, "method": method, "kwargs": kwargs}
        if op_id is not None:
            body["op_id"] = op_id
        if deadline_s is not None:
            body["deadline"] = int(deadline_s * 1000) / 1000
        if context:
            body["context"] = context
    return orjson.dumps(body, option=_CALL_OPTION)


def encode_list(parts: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(parts) + b"]"


def encode_reply(call_id: str, result: Any, error: AppError | None) -> bytes:
    if error is None:
        return orjson.dumps({"id": call_id, "result": result})
    return orjson.dumps({"id": call_id, "error": error.to_wire()}, default=str, option=_ERROR_OPTION)


def encode_results(results: Sequence[tuple[Any, Any]]) -> bytes:
    """The message of many good replies, each a call's id and its result: what `encode_list` makes of their replies."""
    return orjson.dumps([{"id": call_id, "result": result} for call_id, result in results])


def encode_nameko_reply(result: Any, error: AppError | None) -> bytes:
    if error is None:
        return orjson.dumps({"result": result, "error": None})
    details_json = orjson.dumps(error.details, default=str, option=_ERROR_OPTION).decode()
    wire_error = nameko_error(error, details_json)
    return orjson.dumps({"result": None, "error": wire_error}, default=str, option=_ERROR_OPTION)


# What an envelope of ours adds around values of the allowed depth: an event's data holds what a request held.
ENVELOPE_LEVELS = 8


def decode_json(body: bytes | str | memoryview) -> Any:
    """One document, for a message that is refused as a whole."""
    try:
        return strict_json.read(_checked_size(body), max_depth=strict_json.MAX_DEPTH + ENVELOPE_LEVELS)
    except JsonRefused as refused:
        raise MalformedMessage(Bilingual(
            f"message body: {refused}",
            f"消息正文：{refused.zh}"), details={"fields": refused.fields()} if refused.path else None) from None


def decode_plain_call(body: bytes | str) -> Any:
    """The body of a nameko call. Raises MalformedMessage, or InvalidArguments for a value in the call's `kwargs`."""
    try:
        content = strict_json.read(_checked_size(body), max_depth=strict_json.MAX_DEPTH + ENVELOPE_LEVELS)
    except JsonRefused as refused:
        raise _refused_call(refused) from None
    for part in ("args", "kwargs"):
        if isinstance(content, dict) and strict_json.exceeds_depth(content.get(part)):
            raise _refused_call(_too_deep(part, content[part]))
    return content


def _too_deep(part: str, value: Any) -> JsonRefused:
    problem = strict_json.find_problem(value)
    return JsonRefused(strict_json.Problem((part, *(problem.path if problem else ())), strict_json.TOO_DEEP))


def _refused_call(refused: JsonRefused) -> InvalidInput:
    """A wrong value in the arguments is named as the arguments are."""
    if refused.path[:1] != ("kwargs",):
        return MalformedMessage(Bilingual(
            f"call: {refused}",
            f"调用：{refused.zh}"))
    inner = JsonRefused(strict_json.Problem(refused.path[1:], refused.wrong))
    return InvalidArguments(Bilingual(
        f"arguments: {inner}",
        f"参数：{inner.zh}"), details={"fields": inner.fields()})


def _checked_size(body: bytes | str | memoryview) -> bytes:
    raw = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)
    if len(raw) > MAX_MESSAGE_BYTES:
        raise MalformedMessage(Bilingual(
            f"message has {len(raw)} bytes; at most {MAX_MESSAGE_BYTES} are allowed",
            f"消息为 {len(raw)} 字节；最多允许 {MAX_MESSAGE_BYTES} 字节"))
    return raw


def decode_calls(body: bytes | str) -> list[WireCall | InvalidInput]:
    """The calls of a coalesced message. A bad call stands in the list as the error to answer it with.

    What has no id is left out: there is nobody to answer.
    Raises MalformedMessage when the message as a whole cannot be read, or has no call with an id.
    """
    try:
        calls = strict_json.read_list(_checked_size(body))
    except JsonRefused as refused:
        raise MalformedMessage(Bilingual(
            f"message body: {refused}",
            f"消息正文：{refused.zh}")) from None
    if not isinstance(calls, list) or not calls:
        raise MalformedMessage(Bilingual(
            "a coalesced message is a JSON list of 1 or more calls",
            "合并消息须为含一个以上调用的 JSON 列表"))
    if len(calls) > MAX_CALLS_PER_MESSAGE:
        raise MalformedMessage(Bilingual(
            f"message has {len(calls)} calls; at most {MAX_CALLS_PER_MESSAGE} are allowed",
            f"消息含 {len(calls)} 个调用；最多允许 {MAX_CALLS_PER_MESSAGE} 个"))
    decoded = [_decode_call(call) for call in calls]
    if None not in decoded:
        return cast("list[WireCall | InvalidInput]", decoded)
    named = [call for call in decoded if call is not None]
    if not named:
        raise MalformedMessage(Bilingual(
            f"each call is a JSON object with method, kwargs and an id of 1 to {MAX_ID_LENGTH} characters",
            f"每个调用须为 JSON 对象，含 method、kwargs 和 1 至 {MAX_ID_LENGTH} 个字符的 id"))
    log.warning("bus.calls.without_id", extra={"calls": len(calls) - len(named), "served": len(named)})
    return named


def _decode_call(call: Any) -> WireCall | InvalidInput | None:
    """None: it has no id."""
    refused = None
    if type(call) is tuple:
        call, refused = call
    if type(call) is not dict:
        return None
    get: Callable[..., Any] = call.get
    call_id = get("id")
    if type(call_id) is str:
        if not 0 < len(call_id) <= MAX_ID_LENGTH:
            return None
    elif type(call_id) is not int or not _is_id(str(call_id)):
        return None
    if refused is not None:
        return _not_strict(call_id, refused)
    method, kwargs, op_id, deadline, context = (
        get("method"), get("kwargs", {}), get("op_id"), get("deadline"), get("context"))
    problem = problem_of_context(context)
    # What orjson gives is of exactly one of JSON's types. The ordinary call passes by the next line's words.
    if problem is not None or type(method) is not str or type(kwargs) is not dict or type(deadline) is not float \
            or type(op_id) is not str or not 0 < len(op_id) <= MAX_ID_LENGTH or "\0" in op_id:
        problem = _problem_of(method, kwargs, op_id, deadline) or problem
        if problem is not None:
            return MalformedMessage(problem, details={"id": call_id})
    for value in kwargs.values():
        # Most arguments are flat: looking at them here takes a third of the time of a call.
        if type(value) is dict or type(value) is list:
            if strict_json.exceeds_depth(kwargs):
                return _not_strict(call_id, _too_deep("kwargs", kwargs))
            break
    # Not by WireCall(…), which takes twice as long, once a call.
    return tuple.__new__(WireCall, (call_id, method, kwargs, op_id, deadline, context or {}))


def _not_strict(call_id: Any, refused: JsonRefused) -> InvalidInput:
    error = _refused_call(refused)
    error.details["id"] = call_id
    return error


def _is_id(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= MAX_ID_LENGTH


def is_op_id(value: Any) -> bool:
    return _is_id(value) and "\0" not in value


def _problem_of(method: Any, kwargs: Any, op_id: Any, deadline: Any) -> str | None:
    # What orjson gives is of exactly one of JSON's types.
    if type(method) is not str:
        return "call.method is a string"
    if type(kwargs) is not dict:
        return "call.kwargs is a JSON object"
    if op_id is not None and not (type(op_id) is str and 0 < len(op_id) <= MAX_ID_LENGTH and "\0" not in op_id):
        return f"call.op_id is a string of 1 to {MAX_ID_LENGTH} characters, none of them NUL"
    if deadline is not None and type(deadline) is not float and type(deadline) is not int:
        return "call.deadline is a number of seconds since 1970-01-01 UTC"
    return None


def problem_of_context(context: Any) -> str | None:
    """Describe the problem of a call's context, or None. Unknown keys are ignored: newer clients may send more."""
    if context is None:
        return None
    if not isinstance(context, dict):
        return "call.context is a JSON object"
    for key, value in context.items():
        fits = _FITS.get(key)
        if fits is None or value is None:
            continue
        if type(value) is not str or not fits(value):
            return f"call.context.{key} is a string like {CONTEXT_PATTERNS[key].pattern}"
    return None


def decode_replies(body: bytes | str) -> list[dict[str, Any]]:
    """The replies of a message; what is no reply is left out. Replies are of services, and may be deep."""
    try:
        replies = orjson.loads(body)
    except orjson.JSONDecodeError:
        log.warning("bus.replies.malformed", extra={"bytes": len(body)})
        return []
    return [reply for reply in (replies if type(replies) is list else [replies]) if type(reply) is dict]


def encode_event(source: str, row: Mapping[str, Any]) -> bytes:
    """Encode the event envelope of docs/wire-format.md. row: of the outbox."""
    return orjson.dumps({
        "id": row["event_id"], "type": row["type"], "version": row["version"], "source": source,
        "occurred_at": row["occurred_at"], "aggregate": row["aggregate"], "sequence": row["sequence"],
        "tenant": row["tenant_id"], "trace": row["traceparent"], "data": row["data"],
    })


def decode_event(body: bytes | str) -> Event:
    """Decode an event envelope. Raises MalformedMessage naming the part that does not fit."""
    raw = decode_json(body)
    if not isinstance(raw, dict):
        raise MalformedMessage(Bilingual(
            "an event is a JSON object",
            "事件须为 JSON 对象"))
    for key, most in EVENT_PART_LENGTHS.items():
        value = raw.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
            raise MalformedMessage(Bilingual(
                f"event.{key} is a string of 1 to {most} characters, none of them NUL",
                f"event.{key} 须为 1 至 {most} 个字符的文本，不含 NUL"))
    if len(raw["id"].encode()) > EVENT_PART_LENGTHS["id"]:
        raise MalformedMessage(Bilingual(
            f"event.id has at most {EVENT_PART_LENGTHS['id']} bytes in UTF-8",
            f"event.id 的 UTF-8 编码最多 {EVENT_PART_LENGTHS['id']} 字节"))
    data = raw.get("data", {})
    if not isinstance(data, dict):
        raise MalformedMessage(Bilingual(
            "event.data is a JSON object",
            "event.data 须为 JSON 对象"))
    try:
        occurred_at = parse_time(raw["occurred_at"])
    except ValueError:
        raise MalformedMessage(Bilingual(
            "event.occurred_at is a time in RFC 3339 with its offset",
            "event.occurred_at 须为带时区偏移的 RFC 3339 时间")) from None
    version, sequence = raw.get("version", 1), raw.get("sequence", 0)
    if type(version) is not int or type(sequence) is not int or not 0 <= version < 2**31 or not 0 <= sequence < 2**63:
        raise MalformedMessage(Bilingual(
            "event.version and event.sequence are whole numbers from 0, below 2^31 and 2^63",
            "event.version 和 event.sequence 须为从 0 起的整数，分别小于 2^31 和 2^63"))
    trace = raw.get("trace")
    return Event(
        id=raw["id"], type=raw["type"], source=raw["source"], occurred_at=occurred_at, aggregate=raw["aggregate"],
        tenant=raw["tenant"], data=data, version=version, sequence=sequence,
        traceparent=trace if isinstance(trace, str) and CONTEXT_PATTERNS["traceparent"].fullmatch(trace) else None,
    )
