"""Licences: issue, read, change."""
from __future__ import annotations

from marshmallow import fields, validate

from services.elicence import usecases
from services.elicence.domain.states import LICENCE
from services.elicence.schemas import texts
from services.elicence.schemas.common import (
    CREDIT_CODE,
    FIELD_NAME,
    ID,
    IDENTIFIER,
    MAX_CONTENT_FIELDS,
    NAME,
    PERSONAL,
    REASON,
    SENSITIVE,
    TYPE_CODE,
)
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, text
from shared_components.contracts.rules import ExactlyOne


class Issue(Message):
    """valid_until: the last day; null is 长期; absent, the type's rule decides."""

    command = usecases.IssueLicence
    type_code = fields.String(required=True, validate=TYPE_CODE, metadata=texts.TYPE_CODE)
    holder_subject = SubjectId(required=True, validate=ID, metadata=texts.HOLDER_SUBJECT)
    holder_name = fields.String(required=True, validate=NAME, metadata={**texts.HOLDER_NAME, **PERSONAL})
    holder_id_type = fields.String(load_default="111", validate=validate.Regexp(r"\A[0-9A-Z]{1,8}\Z"),
        metadata=texts.HOLDER_ID_TYPE)
    holder_id_number = fields.String(required=True, validate=validate.Length(1, 64),
        metadata={**texts.HOLDER_ID_NUMBER, **SENSITIVE})
    issuer_code = fields.String(validate=CREDIT_CODE, metadata=text(
        "The issuing body's unified social credit code, 18 characters; when left out, that of the licence type.",
        "颁发机构统一社会信用代码，18 位；不传则取证照类型中的机构。"))
    issuer_name = fields.String(validate=NAME, metadata=text(
        "The issuing body's name, up to 200 characters; when left out, that of the licence type.",
        "颁发机构名称，200 字以内；不传则取证照类型中的机构名称。"))
    valid_from = fields.Date(required=True, metadata=texts.VALID_FROM)
    valid_until = fields.Date(allow_none=True, metadata=text(
        "The last day of validity, YYYY-MM-DD; null is 长期; when left out, the type's rule decides.",
        "有效期截止日（含当日），YYYY-MM-DD；null 表示长期；不传则按证照类型的规则计算。"))
    content = fields.Dict(
        keys=fields.String(validate=FIELD_NAME), load_default=dict,
        validate=validate.Length(0, MAX_CONTENT_FIELDS), metadata={**texts.CONTENT, **PERSONAL})
    prior_identifier = fields.String(allow_none=True, validate=IDENTIFIER, metadata=texts.PRIOR_IDENTIFIER)
    scope = fields.String(load_default="", validate=validate.Length(0, 128), metadata=texts.SCOPE)


class Licence(Message):
    licence_id = fields.String(metadata=texts.LICENCE_ID)
    identifier = fields.String(metadata=texts.IDENTIFIER)
    prior_identifier = fields.String(allow_none=True, metadata=texts.PRIOR_IDENTIFIER)
    type_code = fields.String(metadata=texts.TYPE_CODE)
    type_name = fields.String(metadata=texts.TYPE_NAME)
    version = fields.Integer(metadata=texts.VERSION)
    issuer_code = fields.String(metadata=texts.ISSUER_CODE)
    issuer_name = fields.String(metadata=texts.ISSUER_NAME)
    holder_subject = SubjectId(metadata=texts.HOLDER_SUBJECT)
    holder_name = fields.String(metadata={**texts.HOLDER_NAME, **PERSONAL})
    holder_id_type = fields.String(metadata=texts.HOLDER_ID_TYPE)
    holder_id_number = fields.String(metadata={**texts.HOLDER_ID_NUMBER, **SENSITIVE})
    scope = fields.String(metadata=texts.SCOPE)
    state = fields.String(validate=validate.OneOf(LICENCE.states), metadata=texts.STATE)
    state_label = fields.String(metadata=texts.STATE_LABEL)
    state_reason = fields.String(metadata=text(
        "Why the state changed last; empty after issuing.",
        "最近一次状态变更的原因；刚签发时为空。", **PERSONAL))
    state_changed_at = fields.AwareDateTime(metadata=text(
        "When the state changed last, UTC.",
        "最近一次状态变更时间（UTC）。"))
    issued_at = fields.AwareDateTime(metadata=texts.ISSUED_AT)
    valid_from = fields.Date(metadata=texts.VALID_FROM)
    valid_until = fields.Date(allow_none=True, metadata=texts.VALID_UNTIL)
    trust_grade = fields.String(metadata=texts.TRUST_GRADE)
    content = fields.Dict(keys=fields.String(), metadata={**texts.CONTENT, **PERSONAL})


class Get(Message):
    command = usecases.GetLicence
    rules = (ExactlyOne(("licence_id", "identifier")),)
    licence_id = fields.String(validate=ID, metadata=texts.LICENCE_ID)
    identifier = fields.String(validate=IDENTIFIER, metadata=texts.IDENTIFIER)


class ListByHolder(PageRequest):
    command = usecases.ListByHolder
    holder_subject = SubjectId(required=True, validate=ID, metadata=texts.HOLDER_SUBJECT)
    type_code = fields.String(allow_none=True, validate=TYPE_CODE, metadata=texts.TYPE_CODE)
    state = fields.String(allow_none=True, validate=validate.OneOf(LICENCE.states), metadata=texts.STATE)


class Licences(PageReply):
    items = fields.List(fields.Nested(Licence), metadata=text(
        "The licences on this page, newest first.",
        "本页证照，最新的在前。"))


class ChangeState(Message):
    command = usecases.ChangeState
    licence_id = fields.String(required=True, validate=ID, metadata=texts.LICENCE_ID)
    reason = fields.String(required=True, validate=REASON, metadata=text(
        "Why, up to 200 characters; it is kept in the licence's history.",
        "变更原因，200 字以内，留存备查。", **PERSONAL))
