"""Showing a licence, and verifying it."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema

from services.elicence.domain.states import LICENCE
from services.elicence.schemas.common import (
    FIELD_NAME,
    ID,
    IDENTIFIER,
    MAX_CONTENT_FIELDS,
    PERSONAL,
    PURPOSE,
    SENSITIVE,
    require_one,
)
from shared_components.contracts import Message


class Present(Message):
    """fields: names of content fields, or `holder_name` to show it unmasked; absent, the type's public fields."""

    licence_id = fields.String(required=True, validate=ID)
    holder_subject = fields.String(required=True, validate=ID)
    purpose = fields.String(required=True, validate=PURPOSE)
    fields_ = fields.List(
        fields.String(validate=FIELD_NAME), data_key="fields", attribute="fields",
        validate=validate.Length(0, MAX_CONTENT_FIELDS),
    )
    verifier = fields.String(allow_none=True, validate=validate.Length(1, 64))


class Presented(Message):
    code = fields.String(metadata=SENSITIVE)
    expires_at = fields.AwareDateTime()
    fields_ = fields.List(fields.String(), data_key="fields", attribute="fields")


class Verify(Message):
    """purpose: what the verifier takes the code for; refused when the holder meant another."""

    code = fields.String(validate=validate.Length(1, 64), metadata=SENSITIVE)
    identifier = fields.String(validate=IDENTIFIER)
    purpose = fields.String(allow_none=True, validate=PURPOSE)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        require_one(data, "code", "identifier")


class Check(Message):
    check = fields.String()
    ok = fields.Boolean()
    reason = fields.String()


class VerifiedLicence(Message):
    """What the verifier may see; the holder's name and number only by the holder's code."""

    identifier = fields.String()
    type_code = fields.String()
    type_name = fields.String()
    version = fields.Integer()
    issuer_code = fields.String()
    issuer_name = fields.String()
    issued_at = fields.AwareDateTime()
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    trust_grade = fields.String()
    holder_name = fields.String(metadata=PERSONAL)
    holder_id_number = fields.String(metadata=SENSITIVE)
    content = fields.Dict(keys=fields.String(), metadata=PERSONAL)


class Verdict(Message):
    """state: of the licence, or `unknown`; licence: empty when nothing was found or the code does not count."""

    valid = fields.Boolean()
    state = fields.String(validate=validate.OneOf([*LICENCE.states, "unknown"]))
    state_label = fields.String()
    as_of = fields.AwareDateTime()
    checks = fields.List(fields.Nested(Check))
    purpose = fields.String(allow_none=True)
    licence = fields.Nested(VerifiedLicence)
