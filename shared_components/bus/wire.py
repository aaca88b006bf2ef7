"""The wire format: encoding and decoding of calls, replies and errors. Described for others in docs/wire-format.md.

Decoding trusts nothing: whatever does not fit is a MalformedMessage that names the part, never another exception.
"""
from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import orjson

from shared_components.bus.call import APP_NAME
from shared_components.bus.errors import MalformedMessage, nameko_error
from shared_components.kernel.errors import AppError

log = logging.getLogger(__name__)

MAX_CALLS_PER_MESSAGE = 256
# Field errors of a list's entries have their positions, numbers, as keys.
_ERROR_OPTION = orjson.OPT_NON_STR_KEYS
MAX_MESSAGE_BYTES = 256 * 1024
MAX_ID_LENGTH = 128
# what each part of a context may look like; unknown parts are ignored
CONTEXT_PATTERNS = {
    "caller": re.compile(r"[A-Za-z0-9_.:-]{1,64}"),
    "for_app": re.compile(APP_NAME),
    "tenant": re.compile(r"[A-Za-z0-9_.:-]{1,64}"),
    "subject": re.compile(r"[A-Za-z0-9_.:-]{1,128}"),
    "locale": re.compile(r"[A-Za-z0-9-]{2,35}"),
    "traceparent": re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
}


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
    body: dict[str, Any] = {"id": call_id, "method": method, "kwargs": kwargs}
    if op_id is not None:
        body["op_id"] = op_id
    if deadline_s is not None:
        body["deadline"] = int(deadline_s * 1000) / 1000  # whole milliseconds, in half the time of `round`
    if context:
        body["context"] = context
    try:
        return orjson.dumps(body)
    except TypeError:
        # Allowing other keys than text doubles the time, also where there are none.
        return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)


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
    wire_error = None
    if error is not None:
        details_json = orjson.dumps(error.details, default=str, option=_ERROR_OPTION).decode()
        wire_error = nameko_error(error, details_json)
    return orjson.dumps({"result": None if error else result, "error": wire_error}, default=str, option=_ERROR_OPTION)


def decode_json(body: bytes | str | memoryview) -> Any:
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogateescape")
    if len(body) > MAX_MESSAGE_BYTES:
        raise MalformedMessage(f"message has {len(body)} bytes; at most {MAX_MESSAGE_BYTES} are allowed")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # the parser's own message may quote the body
        raise MalformedMessage("message body is not JSON in UTF-8") from None


def decode_calls(body: bytes | str) -> list[WireCall | MalformedMessage]:
    """The calls of a coalesced message. A bad call stands in the list as the error to answer it with.

    What has no id is left out: there is nobody to answer.
    Raises MalformedMessage when the message as a whole cannot be read, or has no call with an id.
    """
    calls = decode_json(body)
    if not isinstance(calls, list) or not calls:
        raise MalformedMessage("a coalesced message is a JSON list of 1 or more calls")
    if len(calls) > MAX_CALLS_PER_MESSAGE:
        raise MalformedMessage(f"message has {len(calls)} calls; at most {MAX_CALLS_PER_MESSAGE} are allowed")
    decoded = [_decode_call(call) for call in calls]
    if None not in decoded:
        return cast("list[WireCall | MalformedMessage]", decoded)
    named = [call for call in decoded if call is not None]
    if not named:
        raise MalformedMessage(
            f"each call is a JSON object with method, kwargs and an id of 1 to {MAX_ID_LENGTH} characters")
    log.warning("bus.calls.without_id", extra={"calls": len(calls) - len(named), "served": len(named)})
    return named


def _decode_call(call: Any) -> WireCall | MalformedMessage | None:
    """None: it has no id."""
    if not isinstance(call, dict):
        return None
    get: Callable[..., Any] = call.get
    call_id = get("id")
    if not _is_id(str(call_id) if type(call_id) is int else call_id):
        return None
    method, kwargs, op_id, deadline, context = (
        get("method"), get("kwargs", {}), get("op_id"), get("deadline"), get("context"))
    problem = _problem_of(method, kwargs, op_id, deadline) or problem_of_context(context)
    if problem is not None:
        return MalformedMessage(problem, details={"id": call_id})
    return WireCall(call_id, method, kwargs, op_id, deadline, context or {})


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
    if op_id is not None and not is_op_id(op_id):
        return f"call.op_id is a string of 1 to {MAX_ID_LENGTH} characters, none of them NUL"
    if deadline is not None and type(deadline) is not float and type(deadline) is not int:
        return "call.deadline is a number of seconds since 1970-01-01 UTC"
    return None


def problem_of_context(context: Any) -> str | None:
    """What is wrong with a call's context, or None. Unknown keys are ignored: newer clients may send more."""
    if context is None:
        return None
    if not isinstance(context, dict):
        return "call.context is a JSON object"
    for key, value in context.items():
        pattern = CONTEXT_PATTERNS.get(key)
        if pattern is not None and value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
            return f"call.context.{key} is a string like {pattern.pattern}"
    return None


def holds_nul(value: Any) -> bool:
    """Whether any text in a JSON value has the character NUL, which PostgreSQL cannot store."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(holds_nul(key) or holds_nul(part) for key, part in value.items())
    return isinstance(value, list) and any(holds_nul(part) for part in value)


def decode_replies(body: bytes | str) -> list[dict[str, Any]]:
    replies = orjson.loads(body)
    return replies if isinstance(replies, list) else [replies]
