"""The catalogue of licence types."""
from __future__ import annotations

from marshmallow import fields, validate

from services.elicence.domain.licence_type import DATA_CLASSES
from services.elicence.schemas.common import CREDIT_CODE, MAX_CONTENT_FIELDS, MAX_LICENCE_YEARS, NAME, TYPE_CODE
from shared_components.contracts import Message, PageReply, PageRequest


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


class ListTypes(PageRequest):
    pass


class LicenceTypes(PageReply):
    items = fields.List(fields.Nested(LicenceType))
