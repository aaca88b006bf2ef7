"""The wire format: encoding and decoding of calls, replies and errors. Described for others in docs/wire-format.md.

Decoding trusts nothing: whatever does not fit is a MalformedMessage that names the part, never another exception.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared_components.bus.errors import MalformedMessage, nameko_error
from shared_components.kernel.errors import AppError

MAX_CALLS_PER_MESSAGE = 256
# Field errors of a list's entries have their positions, numbers, as keys.
_ERROR_OPTION = orjson.OPT_NON_STR_KEYS
MAX_MESSAGE_BYTES = 256 * 1024
MAX_ID_LENGTH = 128
# what each part of a context may look like; unknown parts are ignored
CONTEXT_PATTERNS = {
    "caller": re.compile(r"[A-Za-z0-9_.:-]{1,64}"),
    "tenant": re.compile(r"[A-Za-z0-9_.:-]{1,64}"),
    "subject": re.compile(r"[A-Za-z0-9_.:-]{1,128}"),
    "locale": re.compile(r"[A-Za-z0-9-]{2,35}"),
    "traceparent": re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
}


@dataclass(frozen=True, slots=True)
class WireCall:
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
        body["deadline"] = round(deadline_s, 3)
    if context:
        body["context"] = context
    return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)


def encode_list(parts: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(parts) + b"]"


def encode_reply(call_id: str, result: Any, error: AppError | None) -> bytes:
    if error is None:
        return orjson.dumps({"id": call_id, "result": result})
    return orjson.dumps({"id": call_id, "error": error.to_wire()}, default=str, option=_ERROR_OPTION)


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

    Raises MalformedMessage when the message as a whole cannot be read.
    """
    calls = decode_json(body)
    if not isinstance(calls, list) or not calls:
        raise MalformedMessage("a coalesced message is a JSON list of 1 or more calls")
    if len(calls) > MAX_CALLS_PER_MESSAGE:
        raise MalformedMessage(f"message has {len(calls)} calls; at most {MAX_CALLS_PER_MESSAGE} are allowed")
    return [_decode_call(call) for call in calls]


def _decode_call(call: Any) -> WireCall | MalformedMessage:
    if not isinstance(call, dict):
        raise MalformedMessage("each call is a JSON object with id, method and kwargs")
    call_id = call.get("id")
    if isinstance(call_id, int) and not isinstance(call_id, bool):
        call_id = str(call_id)
    if not isinstance(call_id, str) or not 0 < len(call_id) <= MAX_ID_LENGTH:
        # without an id there is nobody to answer
        raise MalformedMessage(f"each call has an id of 1 to {MAX_ID_LENGTH} characters")
    problem = _problem_of(call)
    if problem is not None:
        return MalformedMessage(problem, details={"id": call["id"]})
    return WireCall(
        id=call["id"],
        method=call["method"],
        kwargs=call.get("kwargs") or {},
        op_id=call.get("op_id"),
        deadline_s=call.get("deadline"),
        context=call.get("context") or {},
    )


def _problem_of(call: dict[str, Any]) -> str | None:
    if not isinstance(call.get("method"), str):
        return "call.method is a string"
    if not isinstance(call.get("kwargs", {}), dict):
        return "call.kwargs is a JSON object"
    op_id = call.get("op_id")
    if op_id is not None and not (isinstance(op_id, str) and 0 < len(op_id) <= MAX_ID_LENGTH):
        return f"call.op_id is a string of 1 to {MAX_ID_LENGTH} characters"
    deadline = call.get("deadline")
    if deadline is not None and (not isinstance(deadline, (int, float)) or isinstance(deadline, bool)):
        return "call.deadline is a number of seconds since 1970-01-01 UTC"
    return problem_of_context(call.get("context"))


def problem_of_context(context: Any) -> str | None:
    """What is wrong with a call's context, or None. Unknown keys are ignored: newer clients may send more."""
    if context is None:
        return None
    if not isinstance(context, dict):
        return "call.context is a JSON object"
    for key, pattern in CONTEXT_PATTERNS.items():
        value = context.get(key)
        if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
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
