"""Refusals of the gateway itself, each with its code; the categories are the kernel's."""
from __future__ import annotations

from shared_components.kernel.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)


class PathUnknown(NotFound):
    """details.available: what there is."""

    code = "gateway.path-unknown"
    texts = {"en": "There is nothing at this address.", "zh": "地址不存在。"}


class HttpMethodNotAllowed(InvalidInput):
    """details.allow: the HTTP methods that are."""

    code = "gateway.http-method-not-allowed"
    http_status = 405
    texts = {"en": "The HTTP method is not allowed here.", "zh": "不支持该 HTTP 方法。"}


class FileInfected(InvalidInput):
    """The scanner has found something in an uploaded file."""

    code = "gateway.file-infected"
    texts = {"en": "The file was refused by the virus scanner.", "zh": "文件未通过病毒查杀。"}


class DocumentAbsent(NotFound):
    """The object is there, and there is no file of it."""

    code = "gateway.document-absent"
    texts = {"en": "There is no document of this object.", "zh": "该对象没有可下载的文件。"}


class KeyMissing(Unauthenticated):
    code = "gateway.key-missing"
    texts = {"en": "The request has no app key.", "zh": "请求缺少应用密钥。"}


class KeyUnknown(Unauthenticated):
    code = "gateway.key-unknown"
    texts = {"en": "The app key is not known.", "zh": "应用密钥无效。"}


class DirectoryNotReached(Unavailable):
    """The key may be one of the directory, which cannot be asked now."""

    code = "gateway.directory-not-reached"
    texts = {"en": "The directory of apps cannot be asked now.", "zh": "应用目录暂时无法查询。"}


class SessionsNotServed(Unauthenticated):
    """No key folder is configured: access tokens cannot be verified."""

    code = "gateway.sessions-not-served"
    texts = {"en": "Access tokens are not taken here.", "zh": "此处不接受访问令牌。"}


class MethodNotOffered(Forbidden):
    """The method exists, and not for callers over HTTP."""

    code = "gateway.method-not-offered"
    texts = {"en": "The method is not offered over HTTP.", "zh": "该接口未对外开放。"}


class MethodNotGranted(Forbidden):
    """This app's grant does not name the method."""

    code = "gateway.method-not-granted"
    texts = {"en": "The app may not use this method.", "zh": "该应用无权使用此接口。"}


class BodyTooLarge(InvalidInput):
    code = "gateway.body-too-large"
    http_status = 413
    texts = {"en": "The request body is over the size limit.", "zh": "请求内容超过大小限制。"}


class BodyTooSlow(InvalidInput):
    code = "gateway.body-too-slow"
    http_status = 408
    texts = {"en": "The request body did not come in time.", "zh": "请求内容接收超时。"}


class MediaTypeUnsupported(InvalidInput):
    code = "gateway.media-type-unsupported"
    http_status = 415
    texts = {"en": "The request body's type is not supported.", "zh": "不支持该内容类型。"}


class BodyMalformed(InvalidInput):
    code = "gateway.body-malformed"
    texts = {"en": "The request body cannot be read.", "zh": "请求内容格式不正确。"}


class FormForeign(Forbidden):
    """Another site sent the form: cross-site request forgery."""

    code = "gateway.form-foreign"
    texts = {"en": "The form was not sent by this platform's page.", "zh": "表单不是由本平台页面提交。"}


class FormStale(Forbidden):
    """The form's token is not of this browser and page: cookies are off, or a new login has begun."""

    code = "gateway.form-stale"
    texts = {
        "en": "The page is no longer current. Go back, load it again, and allow cookies.",
        "zh": "页面已失效，请返回并刷新页面；浏览器须允许使用 Cookie。"}


class FormInvalid(InvalidInput):
    code = "gateway.form-invalid"
    texts = {"en": "The form has fields that are not allowed.", "zh": "表单字段不符合要求。"}


class HeaderInvalid(InvalidInput):
    """details.fields names the header."""

    code = "gateway.header-invalid"
    texts = {"en": "A request header is not valid.", "zh": "请求头不符合要求。"}


class ServiceNotRunning(Unavailable):
    """The method is in the contract, and no process serves it now."""

    code = "gateway.service-not-running"
    texts = {"en": "The service is not running.", "zh": "服务未运行。"}


class AppOverloaded(TooManyRequests):
    """details.retry_after_s: when to come back."""

    code = "gateway.app-overloaded"
    texts = {"en": "The app has too many requests at once.", "zh": "该应用同时处理的请求过多，请稍后再试。"}


class Overloaded(Unavailable):
    code = "gateway.overloaded"
    texts = {"en": "Too many requests are being worked on.", "zh": "系统繁忙，请稍后再试。"}


class NotifyRequestRefused(InvalidInput):
    """A request of a Notify client that is not as the Notify API has it. details: error and message, in its words."""

    code = "gateway.notify-request-refused"
    texts = {"en": "The request is not as the Notify API has it.", "zh": "请求不符合 Notify 接口的要求。"}
