"""Licences: issue, read, change."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from services.elicence.domain.states import LICENCE
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
    require_one,
)
from shared_components.contracts import Message, PageReply, PageRequest


class Issue(Message):
    """valid_until: the last day; null is 长期; absent, the type's rule decides."""

    type_code = fields.String(required=True, validate=TYPE_CODE)
    holder_subject = fields.String(required=True, validate=ID)
    holder_name = fields.String(required=True, validate=NAME, metadata=PERSONAL)
    holder_id_type = fields.String(load_default="111", validate=validate.Regexp(r"\A[0-9A-Z]{1,8}\Z"))
    holder_id_number = fields.String(required=True, validate=validate.Length(1, 64), metadata=SENSITIVE)
    issuer_code = fields.String(validate=CREDIT_CODE)
    issuer_name = fields.String(validate=NAME)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(allow_none=True)
    content = fields.Dict(
        keys=fields.String(validate=FIELD_NAME), load_default=dict,
        validate=validate.Length(0, MAX_CONTENT_FIELDS), metadata=PERSONAL,
    )
    prior_identifier = fields.String(allow_none=True, validate=IDENTIFIER)
    scope = fields.String(load_default="", validate=validate.Length(0, 128))


class Licence(Message):
    licence_id = fields.String()
    identifier = fields.String()
    prior_identifier = fields.String(allow_none=True)
    type_code = fields.String()
    type_name = fields.String()
    version = fields.Integer()
    issuer_code = fields.String()
    issuer_name = fields.String()
    holder_subject = fields.String()
    holder_name = fields.String(metadata=PERSONAL)
    holder_id_type = fields.String()
    holder_id_number = fields.String(metadata=SENSITIVE)
    scope = fields.String()
    state = fields.String(validate=validate.OneOf(LICENCE.states))
    state_label = fields.String()
    state_reason = fields.String(metadata=PERSONAL)
    state_changed_at = fields.AwareDateTime()
    issued_at = fields.AwareDateTime()
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    trust_grade = fields.String()
    content = fields.Dict(keys=fields.String(), metadata=PERSONAL)


class Get(Message):
    licence_id = fields.String(validate=ID)
    identifier = fields.String(validate=IDENTIFIER)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        require_one(data, "licence_id", "identifier")


class ListByHolder(PageRequest):
    holder_subject = fields.String(required=True, validate=ID)
    type_code = fields.String(allow_none=True, validate=TYPE_CODE)
    state = fields.String(allow_none=True, validate=validate.OneOf(LICENCE.states))


class Licences(PageReply):
    items = fields.List(fields.Nested(Licence))


class ChangeState(Message):
    licence_id = fields.String(required=True, validate=ID)
    reason = fields.String(required=True, validate=REASON, metadata=PERSONAL)
