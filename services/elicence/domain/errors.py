"""Errors of licences, in the caller's terms."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, InvalidInput, NotFound


class LicenceNotFound(NotFound):
    """Also what somebody else's licence looks like."""

    code = "elicence.licence-not-found"
    texts = {"en": "There is no such licence.", "zh": "未查到该证照。"}


def licence_not_found() -> LicenceNotFound:
    """The error of a call that asks for a licence that is not there, or that it may not see."""
    return LicenceNotFound(Bilingual(
        "licence is not known; only licences of this department and subject can be used",
        "未查到该证照；仅可使用本部门、本主体名下的证照"))


class LicenceTypeUnknown(NotFound):
    code = "elicence.licence-type-unknown"
    texts = {"en": "There is no such licence type.", "zh": "证照类型不存在。"}


class LicenceTypeInvalid(InvalidInput):
    code = "elicence.licence-type-invalid"
    texts = {"en": "The licence type is not valid.", "zh": "证照类型定义不符合要求。"}


class ContentInvalid(InvalidInput):
    """The content does not fit the licence type. details.fields: {field: [what is wrong]}."""

    code = "elicence.content-invalid"
    texts = {"en": "The licence's content does not fit its type.", "zh": "证照内容与证照类型不符。"}


class ValidityInvalid(InvalidInput):
    code = "elicence.validity-invalid"
    texts = {"en": "The period of validity is not valid.", "zh": "证照有效期不符合要求。"}


class ActiveLicenceExists(Conflict):
    """details.identifier: the licence to name as prior_identifier, where it is known."""

    code = "elicence.active-licence-exists"
    texts = {"en": "The holder has an active licence of this type.", "zh": "持证主体已持有同类有效证照。"}


class PriorNotRenewable(Conflict):
    code = "elicence.prior-not-renewable"
    texts = {"en": "The prior licence cannot be renewed in its state.", "zh": "原证照当前状态不能换证。"}


class PriorMismatch(Conflict):
    code = "elicence.prior-mismatch"
    texts = {"en": "The prior licence is of another type or holder.", "zh": "原证照的类型或持证主体与本次申请不一致。"}


class LicenceNotUsable(Conflict):
    code = "elicence.licence-not-usable"
    texts = {"en": "The licence cannot be shown in its state.", "zh": "证照当前状态不能出示。"}


class FieldUnknown(InvalidInput):
    code = "elicence.field-unknown"
    texts = {"en": "The licence has no such field.", "zh": "证照不含该字段。"}
