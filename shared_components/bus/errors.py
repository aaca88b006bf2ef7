"""The error codes that the bus itself answers with, and the form in which plain nameko clients get an error."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared_components.kernel.calls import AppNotAllowed as AppNotAllowed
from shared_components.kernel.errors import (
    AppError,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    Unauthenticated,
    Unavailable,
)


class UnknownService(NotFound):
    code = "bus.unknown-service"
    texts = {"en": "No such service is running.", "zh": "没有这个服务。"}


class UnknownMethod(NotFound):
    code = "bus.unknown-method"
    texts = {"en": "The service has no such method.", "zh": "该服务没有这个方法。"}


class InvalidArguments(InvalidInput):
    code = "bus.invalid-arguments"
    texts = {"en": "The arguments do not fit the method's contract.", "zh": "参数不符合接口契约。"}


class MalformedMessage(InvalidInput):
    """The message is not of the wire format (docs/wire-format.md)."""

    code = "bus.malformed-message"
    texts = {"en": "The message is not of the wire format.", "zh": "消息格式不正确。"}


class PayloadTooLarge(InvalidInput):
    code = "bus.payload-too-large"
    http_status = 413
    texts = {"en": "The payload is over the size limit.", "zh": "请求内容超过大小限制。"}


class ReplyTooLarge(InvalidInput):
    code = "bus.reply-too-large"
    texts = {
        "en": "The reply would be over the size limit; ask for less.",
        "zh": "返回内容超过大小限制，请缩小查询范围。",
    }


class DeliveredTooOften(InvalidInput):
    """Each process or connection that had the message has ended with it: it is a dead letter."""

    code = "bus.delivered-too-often"
    texts = {"en": "The message has ended each connection that served it.", "zh": "该消息每次处理都导致连接中断。"}


class CallerUnknown(Unauthenticated):
    code = "bus.caller-unknown"
    texts = {"en": "The caller is not authenticated.", "zh": "调用方身份未确认。"}


class SecretNotOpened(InvalidInput):
    """A sealed secret of a call cannot be opened here: it was made for another place, or by a key that is gone."""

    code = "bus.secret-not-opened"
    texts = {"en": "A sealed secret of the call cannot be opened.", "zh": "无法解开调用中封装的密文。"}


class ProofRemoved(Unauthenticated):
    """The message is a copy, from which the token or the ticket was removed: the call is not served without it."""

    code = "bus.proof-removed"
    texts = {"en": "The session has to be shown again.", "zh": "须重新出示登录会话。"}


class CallerNotAllowed(Forbidden):
    code = "bus.caller-not-allowed"
    texts = {"en": "The caller may not use this method.", "zh": "调用方无权使用此方法。"}


class MethodNotGranted(Forbidden):
    """The app's scopes in the directory do not name the method."""

    code = "bus.method-not-granted"
    texts = {"en": "The app may not use this method.", "zh": "该应用无权使用此接口。"}


class TenantUnknown(Forbidden):
    code = "bus.tenant-unknown"
    texts = {"en": "The app has no tenant here.", "zh": "该应用尚未分配租户。"}


class ContextNotAllowed(Forbidden):
    code = "bus.context-not-allowed"
    texts = {"en": "The caller may not state this in a call's context.", "zh": "调用方无权在调用上下文中声明此项。"}


class SubjectNotFound(NotFound):
    """An app named a subject by an id that is not one of its department's: nothing was looked up."""

    code = "bus.subject-not-found"
    texts = {"en": "The app knows no subject by this id.", "zh": "本应用没有该编号的主体。"}


class OperationReused(Conflict):
    code = "bus.operation-reused"
    texts = {"en": "This operation id was used with another request.", "zh": "该操作编号已用于其他请求。"}


class ReplyNotKept(Conflict):
    """The operation was done under this id. Its reply holds a secret, which was given once and is not stored."""

    code = "bus.reply-not-kept"
    texts = {"en": "This operation was done; its reply is not kept.", "zh": "该操作已完成，其答复不予留存。"}


class DeadlinePassed(Unavailable):
    """The deadline had passed before the call was begun; it was not run."""

    code = "bus.deadline-passed"
    texts = {"en": "The deadline had passed before the call was begun.", "zh": "调用开始前已超过截止时间。"}


class NoReply(OutcomeUnknown):
    code = "bus.no-reply"
    texts = {"en": "No reply before the deadline.", "zh": "截止时间前未收到答复。"}


class BrokerUnavailable(Unavailable):
    code = "bus.broker-unavailable"
    texts = {"en": "The message broker cannot be reached.", "zh": "消息总线暂不可用。"}


class QueueFull(Unavailable):
    code = "bus.queue-full"
    texts = {"en": "The service has too much work waiting.", "zh": "服务繁忙，请稍后再试。"}


class Overloaded(Unavailable):
    """The call would have ended after its deadline, because others wait before it; it was not begun."""

    code = "bus.overloaded"
    texts = {"en": "The service cannot do this before the deadline.", "zh": "服务繁忙，无法在截止时间前完成。"}


class Degraded(Unavailable):
    """Operators have switched the method off for a while, because of a peak. Nothing was done."""

    code = "bus.degraded"
    texts = {"en": "This is switched off while many people use the platform.", "zh": "访问高峰期间，该功能暂停使用。"}


class ShuttingDown(Unavailable):
    code = "bus.shutting-down"
    texts = {"en": "The service is shutting down.", "zh": "服务正在停止。"}


BUS_ERRORS: tuple[type[AppError], ...] = (
    UnknownService, UnknownMethod, InvalidArguments, MalformedMessage, PayloadTooLarge, ReplyTooLarge,
    CallerUnknown, ProofRemoved, CallerNotAllowed, AppNotAllowed, MethodNotGranted, TenantUnknown,
    ContextNotAllowed, SubjectNotFound, OperationReused, ReplyNotKept, DeadlinePassed, NoReply,
    BrokerUnavailable, QueueFull, Overloaded, Degraded, ShuttingDown,
)


def _known_to_nameko() -> Callable[[type[Exception]], type[Exception]]:
    """The decorator by which nameko's clients rebuild an exception; nothing where only our client is installed."""
    try:
        from nameko.exceptions import deserialize_to_instance
    except ModuleNotFoundError:
        return lambda kind: kind
    register: Callable[[type[Exception]], type[Exception]] = deserialize_to_instance
    return register


@_known_to_nameko()
class RemoteServiceError(Exception):
    """The error of a nameko client that has this package; others get nameko's RemoteError with the same text.

    nameko rebuilds exceptions from positional strings, so this class takes just that.
    """

    def __init__(self, code: str = "internal", message: str = "", details_json: str = "{}") -> None:
        self.code = code
        self.message = message
        self.details_json = details_json
        super().__init__(code, message, details_json)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def nameko_error(error: AppError, details_json: str) -> dict[str, Any]:
    """An error in nameko's reply format, which every stock nameko client reads."""
    return {
        "exc_type": type(error).__name__,
        "exc_path": f"{RemoteServiceError.__module__}.{RemoteServiceError.__name__}",
        "exc_args": [error.code, error.message, details_json],
        "value": f"{error.code}: {error.message}",
        # ours, ignored by nameko: programs should not have to parse text
        **error.to_wire(),
    }
