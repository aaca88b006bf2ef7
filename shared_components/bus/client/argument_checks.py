"""Checks of a client's arguments before anything is sent; a refusal says what is wrong, and where."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared_components.bus.amqp import wire
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput
from shared_components.kernel.ids import new_id
from shared_components.kernel.strict_json import MAX_DEPTH, Problem, find_problem, wrong_of_text

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
# Most programs call a few methods again and again.
KNOWN_NAMES: set[str] = set()
MOST_NAMES_KNOWN = 1000
TRACEPARENT_LENGTH = 55
# Values of these types arrive as they are, or orjson refuses them.
_EXACT = frozenset({str, int, bool, type(None)})
# A message's expiration is in milliseconds, and RabbitMQ closes the channel over one above 2**32 - 1.
LONGEST_TIMEOUT_S = 86_400


def checked_timeout(timeout_s: Any) -> float:
    """Raises InvalidInput unless it is a number of seconds above 0, and at most a day."""
    # Written so that NaN is refused, and that no whole number is too large to be compared.
    if type(timeout_s) not in (int, float) or not 0 < timeout_s <= LONGEST_TIMEOUT_S:
        is_short = type(timeout_s) is float or (type(timeout_s) is int and abs(timeout_s) < 10**12)
        shown = str(timeout_s)[:20] if is_short else type(timeout_s).__name__
        raise _refused("timeout_s", Bilingual(
            f"is {shown}; a number of seconds above 0, at most {LONGEST_TIMEOUT_S}, is allowed",
            f"为 {shown}；只允许大于 0 且不超过 {LONGEST_TIMEOUT_S} 的秒数"))
    return float(timeout_s)


def by_name(target: str, given: tuple[Any, ...]) -> TypeError:
    """Refuse arguments without names."""
    return TypeError(
        f"{target} takes its arguments by name, such as {target}(name=value); {len(given)} came without one")


def checked_op_id(op_id: Any) -> str:
    """A new one for None. Raises InvalidInput: an empty one is a mistake, and never stands for a new one."""
    if op_id is None:
        return new_id("op")
    if not wire.is_op_id(op_id) or wrong_of_text(op_id):
        raise _refused("op_id", Bilingual(
            f"is not allowed; text of 1 to {wire.MAX_ID_LENGTH} characters is, without NUL",
            f"不合要求；只允许 1 至 {wire.MAX_ID_LENGTH} 个字符的文本，不含 NUL"))
    return str(op_id)


def checked_context(context: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the context without its empty parts. Raises InvalidInput for a part that no service would take."""
    # One of its own comes with every call of a gateway; a service judges the rest of its form.
    traceparent = context.get("traceparent")
    is_plain = type(traceparent) is str and len(traceparent) == TRACEPARENT_LENGTH
    if is_plain and len(context) == 1:
        return context
    for name, value in context.items():
        if is_plain and name == "traceparent":
            continue
        pattern = wire.CONTEXT_PATTERNS.get(name)
        if pattern is not None and value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
            raise _refused(name, Bilingual(
                f"is not allowed; text like {pattern.pattern} is", f"不合要求；只允许形如 {pattern.pattern} 的文本"))
    if None in context.values():
        return {name: value for name, value in context.items() if value is not None}
    return context


def checked_target(service: Any, method: Any) -> None:
    """Raises InvalidInput for what cannot be the name of a service or a method."""
    if service in KNOWN_NAMES and method in KNOWN_NAMES:
        return
    for name, value in (("service", service), ("method", method)):
        if value not in KNOWN_NAMES:
            if not isinstance(value, str) or not _NAME.fullmatch(value):
                raise _refused(name, Bilingual(
                    f"is not a name; text like {_NAME.pattern} is allowed",
                    f"不是有效名称；只允许形如 {_NAME.pattern} 的文本"))
            if len(KNOWN_NAMES) < MOST_NAMES_KNOWN:
                KNOWN_NAMES.add(value)


def encoded_call(
    call_id: str, method: str, kwargs: Mapping[str, Any], op_id: str | None, deadline_s: float | None,
    context: Mapping[str, str],
) -> bytes:
    """A call as bytes. Raises InvalidInput for an argument that would not arrive exactly as it is."""
    if type(kwargs) is not dict:
        kwargs = _as_dict(kwargs)
    try:
        body = wire.encode_call(call_id, method, kwargs, op_id, deadline_s, context)
    except (TypeError, ValueError, RecursionError):
        raise _not_json(find_problem(kwargs)) from None
    for value in kwargs.values():
        if type(value) not in _EXACT:
            _refuse_inexact(kwargs, body)
            break
    return body


def _refuse_inexact(kwargs: Mapping[str, Any], body: bytes) -> None:
    """orjson writes null for NaN, and more levels than a service reads."""
    if b"null" in body or body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        problem = find_problem(kwargs)
        if problem is not None:
            raise _not_json(problem)


def _as_dict(kwargs: Any) -> dict[str, Any]:
    if not isinstance(kwargs, Mapping):
        raise _refused("arguments", Bilingual(
            f"are of type {type(kwargs).__name__}; a mapping of names to values is allowed",
            f"的类型为 {type(kwargs).__name__}；只允许由名称到值的映射"))
    return dict(kwargs)


def _not_json(problem: Problem | None) -> InvalidInput:
    if problem is None:
        return _refused("arguments", Bilingual("have no form in JSON", "无法表示为 JSON"))
    return _refused(problem.where or "arguments", problem.wrong)


def _refused(name: str, wrong: Bilingual) -> InvalidInput:
    return InvalidInput(Bilingual(f"{name} {wrong}", f"{name} {wrong.zh}"), details={"fields": {name: [wrong]}})
