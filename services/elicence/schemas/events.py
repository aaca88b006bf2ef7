"""Data of the events of elicence."""
from __future__ import annotations

from marshmallow import fields

from services.elicence.schemas import texts
from services.elicence.schemas.common import PERSONAL
from shared_components.contracts import Message, SubjectId, text


class LicenceIssued(Message):
    licence_id = fields.String(required=True, metadata=texts.LICENCE_ID)
    identifier = fields.String(required=True, metadata=texts.IDENTIFIER)
    prior_identifier = fields.String(allow_none=True, metadata=texts.PRIOR_IDENTIFIER)
    type_code = fields.String(required=True, metadata=texts.TYPE_CODE)
    type_name = fields.String(required=True, metadata=texts.TYPE_NAME)
    holder_subject = SubjectId(required=True, metadata=texts.HOLDER_SUBJECT)
    version = fields.Integer(required=True, metadata=texts.VERSION)
    issued_at = fields.AwareDateTime(required=True, metadata=texts.ISSUED_AT)
    valid_from = fields.Date(required=True, metadata=texts.VALID_FROM)
    valid_until = fields.Date(allow_none=True, metadata=texts.VALID_UNTIL)


class LicenceSuperseded(Message):
    licence_id = fields.String(required=True, metadata=texts.LICENCE_ID)
    identifier = fields.String(required=True, metadata=texts.IDENTIFIER)
    type_code = fields.String(required=True, metadata=texts.TYPE_CODE)
    type_name = fields.String(required=True, metadata=texts.TYPE_NAME)
    holder_subject = SubjectId(required=True, metadata=texts.HOLDER_SUBJECT)
    from_state = fields.String(required=True, metadata=text(
        "The state before the change, as in get.",
        "变更前的状态，取值同 get。"))
    to_state = fields.String(required=True, metadata=text(
        "The state after the change, as in get.",
        "变更后的状态，取值同 get。"))
    at = fields.AwareDateTime(required=True, metadata=text(
        "When the state changed, UTC.",
        "状态变更时间（UTC）。"))


class LicenceStateChanged(LicenceSuperseded):
    reason = fields.String(metadata=text(
        "Why the state changed, as given with the change.",
        "状态变更原因。", **PERSONAL))
