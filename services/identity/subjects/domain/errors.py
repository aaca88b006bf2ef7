"""Refusals of identity. No message says who somebody is, or what is known of whom."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, Unavailable
from shared_components.kernel.names import InvalidName


class SubjectNotFound(NotFound):
    code = "identity.subject-not-found"
    texts = {"en": "There is no such subject.", "zh": "用户主体不存在。"}


class SubjectNotActive(Conflict):
    code = "identity.subject-not-active"
    texts = {"en": "The subject is frozen or closed.", "zh": "用户主体已冻结或注销。"}


class AlreadyRegistered(Conflict):
    """The same for every document that is taken: neither the subject nor its state is told."""

    code = "identity.already-registered"
    texts = {"en": "This document cannot be registered again.", "zh": "该证件已注册，不能重复注册。"}


class IdTypeUnknown(InvalidInput):
    code = "identity.id-type-unknown"
    texts = {"en": "This type of identity document is not accepted.", "zh": "不支持该证件类型。"}


class DocumentNumberInvalid(InvalidInput):
    """A number of a configured document type that has the wrong form."""

    code = "identity.document-number-invalid"
    texts = {"en": "The document number has the wrong form.", "zh": "证件号码格式不正确。"}


class NameInvalid(InvalidName):
    """By the rule of shared_components/kernel/names.py, which all services have."""

    code = "identity.name-invalid"
    texts = {"en": "The name has characters that names do not have.", "zh": "姓名或名称包含不允许的字符。"}


class EvidenceRefused(InvalidInput):
    """The authority did not confirm it.

    details.reason: `no-match`, `dead`, `frozen`, `token-missing`, `token-wrong`, `not-present`.
    """

    code = "identity.evidence-refused"
    http_status = 422
    texts = {"en": "The authority did not confirm the evidence.", "zh": "权威机构未能核验通过。"}


class EvidenceNotAllowed(Forbidden):
    """This caller may not bring this kind of evidence."""

    code = "identity.evidence-not-allowed"
    texts = {"en": "This evidence is taken at a counter only.", "zh": "该核验方式仅限窗口办理。"}


class AuthorityUnavailable(Unavailable):
    code = "identity.authority-unavailable"
    texts = {"en": "The authority cannot be asked now.", "zh": "权威核验服务暂不可用。"}


class JurisdictionUnknown(NotFound):
    code = "identity.jurisdiction-unknown"
    texts = {"en": "There is no table of levels for this jurisdiction.", "zh": "该地区未配置实名等级。"}


class MergeNotPossible(Conflict):
    code = "identity.merge-not-possible"
    texts = {"en": "These two subjects cannot be merged.", "zh": "这两个主体不能合并。"}


class MergeNotFound(NotFound):
    code = "identity.merge-not-found"
    texts = {"en": "There is no such merge to confirm.", "zh": "没有该待确认的合并。"}
