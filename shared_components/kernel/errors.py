"""The platform's error categories, and the shape in which an error crosses the bus and HTTP.

A service adds codes (`class OrderNotPayable(Conflict): code = "payment.order-not-payable"`), never categories.
Everything that is not an AppError is a bug and is answered as `internal` with its trace id and nothing more.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from shared_components.kernel.bilingual import Bilingual, chinese, in_locale, is_chinese, paired


class AppError(Exception):
    """An error that the caller is meant to read.

    message: subject, what is, what is allowed; no secret, no personal data. `Bilingual(en, zh)` gives it in both
        languages; None takes the class's `texts`.
    details: JSON-safe facts; `fields` holds field errors, `retry_after_s` seconds to wait.
    """

    category: ClassVar[str] = "internal"
    code: str = "internal"
    http_status: ClassVar[int] = 500
    texts: ClassVar[Mapping[str, str]] = {"en": "Internal error.", "zh": "系统内部错误。"}
    # The client's own class for a code, beside that of the service where both are loaded in one process.
    of_client: ClassVar[bool] = False

    def __init__(self, message: str | None = None, *, details: Mapping[str, Any] | None = None) -> None:
        said = message or Bilingual(self.texts["en"], self.texts.get("zh") or self.texts["en"])
        self.message = str(said)
        self.message_zh: str | None = said.zh if isinstance(said, Bilingual) else None
        self.details: dict[str, Any] = dict(details or {})
        super().__init__(self.message)

    def __str__(self) -> str:
        """Give code and message, as a traceback shows them."""
        return f"{self.message} [{self.code}]"

    @property
    def text(self) -> str:
        """The message with its Chinese, for another error that repeats it."""
        return self.message if self.message_zh is None else Bilingual(self.message, self.message_zh)

    def message_in(self, locale: str) -> str:
        """The message for a reader of this locale: Chinese where it exists and is asked for, else English."""
        return in_locale(self.text, locale)

    def fields_in(self, locale: str) -> Any:
        """Field messages for a reader of this locale; None without any."""
        fields = self.details.get("fields")
        return chinese(fields) if is_chinese(locale) else fields

    def to_wire(self) -> dict[str, Any]:
        """The error as it crosses the bus: in English, and under `zh` what exists in Chinese."""
        wire: dict[str, Any] = {
            "category": self.category, "code": self.code, "message": self.message, "details": self.details}
        zh = {} if self.message_zh is None else {"message": self.message_zh}
        fields = self.details.get("fields")
        if fields is not None and (translated := chinese(fields)) != fields:
            zh["fields"] = translated
        return {**wire, "zh": zh} if zh else wire


class InvalidInput(AppError):
    """The caller must change the request. details.fields: {path: [what is wrong]}."""

    category = "invalid-input"
    code = "invalid-input"
    http_status = 400
    texts = {"en": "The request is not valid.", "zh": "请求内容不符合要求。"}


class Unauthenticated(AppError):
    category = "unauthenticated"
    code = "unauthenticated"
    http_status = 401
    texts = {"en": "The caller is not known.", "zh": "调用方身份未确认。"}


class Forbidden(AppError):
    category = "forbidden"
    code = "forbidden"
    http_status = 403
    texts = {"en": "The caller may not do this.", "zh": "调用方无权执行此操作。"}


class NotFound(AppError):
    """Also what another tenant's object looks like."""

    category = "not-found"
    code = "not-found"
    http_status = 404
    texts = {"en": "There is no such object.", "zh": "对象不存在。"}


class Conflict(AppError):
    """The object's state forbids it, or the same operation id came with another body."""

    category = "conflict"
    code = "conflict"
    http_status = 409
    texts = {"en": "The object's state does not allow this.", "zh": "对象当前状态不允许此操作。"}


class StalePrecondition(Conflict):
    """The object has changed since the caller read it."""

    code = "stale-precondition"
    http_status = 412
    texts = {"en": "The object has changed since it was read.", "zh": "对象已被更改，请重新读取。"}


class TooManyRequests(AppError):
    category = "too-many-requests"
    code = "too-many-requests"
    http_status = 429
    texts = {"en": "Too many requests.", "zh": "请求过于频繁。"}


class Unavailable(AppError):
    """Nothing was done; trying again later is safe. details.retry_after_s: seconds."""

    category = "unavailable"
    code = "unavailable"
    http_status = 503
    texts = {"en": "The service cannot answer now.", "zh": "服务暂不可用。"}


class OutcomeUnknown(AppError):
    """No reply before the deadline: ask again with the same operation id."""

    category = "outcome-unknown"
    code = "outcome-unknown"
    http_status = 504
    texts = {"en": "No reply before the deadline.", "zh": "截止时间前未收到答复。"}


class Internal(AppError):
    """A bug on our side. details.trace_id finds it in the logs."""


CATEGORIES: Mapping[str, type[AppError]] = {
    kind.category: kind
    for kind in (
        InvalidInput, Unauthenticated, Forbidden, NotFound, Conflict,
        TooManyRequests, Unavailable, OutcomeUnknown, Internal,
    )
}


def error_from_wire(wire: Mapping[str, Any]) -> AppError:
    """Rebuild an error as its category's class, with the wire's own code.

    A code that this process knows (its class is loaded) comes back as that class.
    """
    code = str(wire.get("code", "internal"))
    base = known_errors().get(code) or CATEGORIES.get(str(wire.get("category")), Internal)
    details = wire.get("details")
    facts = dict(details) if isinstance(details, Mapping) else {}
    zh = wire.get("zh")
    zh = zh if isinstance(zh, Mapping) else {}
    if "fields" in facts:
        facts["fields"] = paired(facts["fields"], zh.get("fields"))
    error = base(paired(str(wire.get("message", "")), zh.get("message")) or None, details=facts)
    error.code = code
    return error


def known_errors() -> dict[str, type[AppError]]:
    """Every error code that is loaded in this process, with its class."""
    return {kind.code: kind for kind in _subclasses(AppError) if not kind.of_client}


def _subclasses(kind: type[AppError]) -> Iterator[type[AppError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)
