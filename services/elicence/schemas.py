"""The contract with the world."""
from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.elicence.domain.licence_type import DATA_CLASSES
from services.elicence.domain.states import LICENCE
from shared_components.contracts import Message

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
MAX_CONTENT_FIELDS = 100
MAX_LICENCE_YEARS = 200

LICENCE_ID = validate.Length(1, 64)
TYPE_CODE = validate.Regexp(r"\A[0-9A-Z]{21}\Z", error="Only 18 + 3 digits and capitals are allowed.")
CREDIT_CODE = validate.Length(equal=18)
IDENTIFIER = validate.Length(1, 128)
NAME = validate.Length(1, 200)
REASON = validate.Length(1, 200)
PAGE = validate.Range(1, 200)


class FieldRule(Message):
    name = fields.String(required=True, validate=validate.Regexp(r"\A[a-z][a-z0-9_]{0,63}\Z"))
    title = fields.String(load_default="", validate=validate.Length(0, 100))
    data_class = fields.String(load_default="personal", validate=validate.OneOf(DATA_CLASSES))
    required = fields.Boolean(load_default=False)


class PutType(Message):
    """validity_years: by licence version, the last one for all later; null is 长期."""

    type_code = fields.String(required=True, validate=TYPE_CODE)
    name = fields.String(required=True, validate=NAME)
    issuer_code = fields.String(required=True, validate=CREDIT_CODE)
    issuer_name = fields.String(required=True, validate=NAME)
    validity_years = fields.List(
        fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, MAX_LICENCE_YEARS)),
        load_default=list, validate=validate.Length(0, 20),
    )
    fields_ = fields.List(
        fields.Nested(FieldRule), data_key="fields", attribute="fields", load_default=list,
        validate=validate.Length(0, MAX_CONTENT_FIELDS),
    )


class LicenceType(PutType):
    version = fields.Integer()


class ListTypes(Message):
    after = fields.String(validate=TYPE_CODE)
    limit = fields.Integer(load_default=100, validate=PAGE)


class LicenceTypes(Message):
    items = fields.List(fields.Nested(LicenceType))


class Issue(Message):
    """valid_until: the last day; null is 长期; absent, the type's rule decides."""

    type_code = fields.String(required=True, validate=TYPE_CODE)
    holder_subject = fields.String(required=True, validate=validate.Length(1, 64))
    holder_name = fields.String(required=True, validate=NAME, metadata=PERSONAL)
    holder_id_type = fields.String(load_default="111", validate=validate.Regexp(r"\A[0-9A-Z]{1,8}\Z"))
    holder_id_number = fields.String(required=True, validate=validate.Length(1, 64), metadata=SENSITIVE)
    issuer_code = fields.String(validate=CREDIT_CODE)
    issuer_name = fields.String(validate=NAME)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(allow_none=True)
    content = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), load_default=dict,
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
    licence_id = fields.String(validate=LICENCE_ID)
    identifier = fields.String(validate=IDENTIFIER)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        _require_one(data, "licence_id", "identifier")


class ListByHolder(Message):
    holder_subject = fields.String(required=True, validate=validate.Length(1, 64))
    type_code = fields.String(allow_none=True, validate=TYPE_CODE)
    state = fields.String(allow_none=True, validate=validate.OneOf(LICENCE.states))
    before = fields.String(validate=LICENCE_ID)
    limit = fields.Integer(load_default=100, validate=PAGE)


class Licences(Message):
    items = fields.List(fields.Nested(Licence))


class Present(Message):
    """fields: names of content fields, or `holder_name` to show it unmasked; absent, the type's public fields."""

    licence_id = fields.String(required=True, validate=LICENCE_ID)
    holder_subject = fields.String(required=True, validate=validate.Length(1, 64))
    purpose = fields.String(required=True, validate=validate.Length(1, 200))
    fields_ = fields.List(
        fields.String(validate=validate.Length(1, 64)), data_key="fields", attribute="fields",
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
    purpose = fields.String(allow_none=True, validate=validate.Length(1, 200))

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        _require_one(data, "code", "identifier")


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


class ChangeState(Message):
    licence_id = fields.String(required=True, validate=LICENCE_ID)
    reason = fields.String(required=True, validate=REASON, metadata=PERSONAL)


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


def _require_one(data: dict[str, Any], *names: str) -> None:
    given = [name for name in names if data.get(name) is not None]
    if len(given) != 1:
        raise ValidationError({name: [f"Exactly one of {' and '.join(names)} is allowed."] for name in names})
