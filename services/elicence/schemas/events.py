"""What elicence tells the world."""
from __future__ import annotations

from marshmallow import fields

from services.elicence.schemas.common import PERSONAL
from shared_components.contracts import Message


class LicenceIssued(Message):
    licence_id = fields.String(required=True)
    identifier = fields.String(required=True)
    prior_identifier = fields.String(allow_none=True)
    type_code = fields.String(required=True)
    type_name = fields.String(required=True)
    holder_subject = fields.String(required=True)
    version = fields.Integer(required=True)
    issued_at = fields.AwareDateTime(required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(allow_none=True)


class LicenceSuperseded(Message):
    licence_id = fields.String(required=True)
    identifier = fields.String(required=True)
    type_code = fields.String(required=True)
    type_name = fields.String(required=True)
    holder_subject = fields.String(required=True)
    from_state = fields.String(required=True)
    to_state = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class LicenceStateChanged(LicenceSuperseded):
    reason = fields.String(metadata=PERSONAL)
