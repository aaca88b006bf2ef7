"""Showing a licence, and verifying it."""
from __future__ import annotations

from marshmallow import fields, validate

from services.elicence import usecases
from services.elicence.domain.states import LICENCE
from services.elicence.schemas import texts
from services.elicence.schemas.common import (
    FIELD_NAME,
    ID,
    IDENTIFIER,
    MAX_CONTENT_FIELDS,
    PERSONAL,
    PURPOSE,
    SENSITIVE,
)
from shared_components.contracts import Message, SubjectId, text
from shared_components.contracts.rules import ExactlyOne


class Present(Message):
    """fields: names of content fields, or `holder_name` to show it unmasked; absent, the type's public fields."""

    command = usecases.PresentLicence
    licence_id = fields.String(required=True, validate=ID, metadata=texts.LICENCE_ID)
    holder_subject = SubjectId(required=True, validate=ID, metadata=texts.HOLDER_SUBJECT)
    purpose = fields.String(required=True, validate=PURPOSE, metadata=text(
        "What the licence is shown for, up to 200 characters, such as 酒店入住登记.",
        "出示用途，200 字以内，如“酒店入住登记”。"))
    fields_ = fields.List(
        fields.String(validate=FIELD_NAME), data_key="fields", attribute="fields",
        validate=validate.Length(0, MAX_CONTENT_FIELDS), metadata=text(
        "The names of content fields to show, or holder_name to show that unmasked; when left out, the type's "
        "public fields. At most 100.",
        "要出示的证面字段名，可含 holder_name（不脱敏出示姓名）；不传则出示公开字段。最多 100 项。"))
    verifier = fields.String(allow_none=True, validate=validate.Length(1, 64), metadata=text(
        "The only app that may verify the code, such as app-hotel; null for any.",
        "指定可核验的应用，如 app-hotel；不限定为 null。"))


class Presented(Message):
    code = fields.String(metadata={**texts.CODE, **SENSITIVE})
    expires_at = fields.AwareDateTime(metadata=text(
        "When the code stops working, UTC.",
        "核验码失效时间（UTC）。"))
    fields_ = fields.List(fields.String(), data_key="fields", attribute="fields", metadata=text(
        "The names of the fields that the code shows.",
        "该码可出示的字段名。"))


class Verify(Message):
    """purpose: what the verifier takes the code for; refused when the holder meant another."""

    command = usecases.VerifyLicence
    rules = (ExactlyOne(("code", "identifier")),)
    code = fields.String(validate=validate.Length(1, 64), metadata={**texts.CODE, **SENSITIVE})
    identifier = fields.String(validate=IDENTIFIER, metadata=texts.IDENTIFIER)
    purpose = fields.String(allow_none=True, validate=PURPOSE, metadata=text(
        "What the verifier takes the code for, up to 200 characters; refused when the holder meant another purpose.",
        "核验用途，200 字以内；与持证人出示时填写的用途不一致则不通过。"))


class Check(Message):
    check = fields.String(metadata=text(
        "What was looked at, such as code, state or validity.",
        "检查项目，如核验码、状态、有效期。"))
    ok = fields.Boolean(metadata=text(
        "Whether this check is well.",
        "该项是否通过。"))
    reason = fields.String(metadata=text(
        "A constant that says what is not well, such as not-begun or ended; empty when it is well.",
        "不通过的原因代码，如 not-begun 未到生效日、ended 已过期；通过时为空。"))


class VerifiedLicence(Message):
    """The fields that the verifier may see; the holder's name and number only by the holder's code."""

    identifier = fields.String(metadata=texts.IDENTIFIER)
    type_code = fields.String(metadata=texts.TYPE_CODE)
    type_name = fields.String(metadata=texts.TYPE_NAME)
    version = fields.Integer(metadata=texts.VERSION)
    issuer_code = fields.String(metadata=texts.ISSUER_CODE)
    issuer_name = fields.String(metadata=texts.ISSUER_NAME)
    issued_at = fields.AwareDateTime(metadata=texts.ISSUED_AT)
    valid_from = fields.Date(metadata=texts.VALID_FROM)
    valid_until = fields.Date(allow_none=True, metadata=texts.VALID_UNTIL)
    trust_grade = fields.String(metadata=texts.TRUST_GRADE)
    holder_name = fields.String(metadata={**texts.HOLDER_NAME, **PERSONAL})
    holder_id_number = fields.String(metadata={**texts.HOLDER_ID_NUMBER, **SENSITIVE})
    content = fields.Dict(keys=fields.String(), metadata=text(
        "The fields that this verifier may see, by name.",
        "核验方可见的证面字段。", **PERSONAL))


class Verdict(Message):
    """state: of the licence, or `unknown`; licence: empty when nothing was found or the code does not count."""

    valid = fields.Boolean(metadata=text(
        "Whether the licence holds: every check is ok.",
        "证照是否有效，即各项检查全部通过。"))
    state = fields.String(validate=validate.OneOf([*LICENCE.states, "unknown"]), metadata=text(
        "The licence's state as in get, or unknown when there is none.",
        "证照状态，取值同 get；查不到证照时为 unknown。"))
    state_label = fields.String(metadata=texts.STATE_LABEL)
    as_of = fields.AwareDateTime(metadata=text(
        "For which moment this is the answer, UTC.",
        "核验结论对应的时间（UTC）。"))
    checks = fields.List(fields.Nested(Check), metadata=text(
        "What was looked at, each with its result.",
        "逐项检查结果。"))
    purpose = fields.String(allow_none=True, metadata=text(
        "The purpose that the holder gave; null when verified by identifier.",
        "持证人出示时填写的用途；按证照标识核验时为 null。"))
    licence = fields.Nested(VerifiedLicence, metadata=text(
        "What the verifier may see of the licence; empty when nothing was found or the code does not count.",
        "核验方可见的证照信息；未查到或核验码无效时为空。"))
