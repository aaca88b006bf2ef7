"""The catalogue of licence types."""
from __future__ import annotations

from marshmallow import fields, validate

from services.elicence import usecases
from services.elicence.domain import licence_type
from services.elicence.domain.licence_type import DATA_CLASSES
from services.elicence.schemas import texts
from services.elicence.schemas.common import CREDIT_CODE, MAX_CONTENT_FIELDS, MAX_LICENCE_YEARS, NAME, TYPE_CODE
from shared_components.contracts import Message, PageReply, PageRequest, text


class FieldRule(Message):
    command = licence_type.FieldRule
    name = fields.String(required=True, validate=validate.Regexp(r"\A[a-z][a-z0-9_]{0,63}\Z"), metadata=text(
        "The field's name in content: a small letter, then small letters, digits and _, up to 64.",
        "字段名：小写字母开头，由小写字母、数字、下划线组成，最长 64 位。"))
    title = fields.String(load_default="", validate=validate.Length(0, 100), metadata=text(
        "The field's name on the licence's face, up to 100 characters.",
        "字段在证面上的名称，100 字以内。"))
    data_class = fields.String(load_default="personal", validate=validate.OneOf(DATA_CLASSES), metadata=text(
        "public (shown to every verifier), personal or sensitive (shown only as the holder chooses).",
        "数据分级：public 可公开，personal 个人信息，sensitive 敏感信息；后两类仅在持证人选择时出示。"))
    required = fields.Boolean(load_default=False, metadata=text(
        "Whether every licence of the type must have the field.",
        "该字段是否必填。"))


class TypeMessage(Message):
    """validity_years: by licence version, the last one for all later; null is 长期."""

    type_code = fields.String(required=True, validate=TYPE_CODE, metadata=texts.TYPE_CODE)
    name = fields.String(required=True, validate=NAME, metadata=text(
        "The type's name in Chinese, up to 200 characters, such as 机动车驾驶证.",
        "证照类型名称，200 字以内，如“机动车驾驶证”。"))
    issuer_code = fields.String(required=True, validate=CREDIT_CODE, metadata=texts.ISSUER_CODE)
    issuer_name = fields.String(required=True, validate=NAME, metadata=texts.ISSUER_NAME)
    validity_years = fields.List(
        fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, MAX_LICENCE_YEARS)),
        load_default=list, validate=validate.Length(0, 20), metadata=text(
        "Years of validity by licence version, the last for all later ones; null is 长期. [6, 10, null] is 6, then "
        "10, then 长期. 1 to 200 years, at most 20 entries.",
        "各版本的有效年限，末项适用于以后各版，null 表示长期；如 [6, 10, null] 为首次 6 年、二次 10 年、以后长期。"
        "每项 1–200，最多 20 项。"))
    fields_ = fields.List(
        fields.Nested(FieldRule), data_key="fields", attribute="fields", load_default=list,
        validate=validate.Length(0, MAX_CONTENT_FIELDS), metadata=text(
        "The fields that a licence of this type has, at most 100.",
        "该类证照的证面字段定义，最多 100 项。"))


class PutType(TypeMessage):
    command = usecases.PutType


class LicenceType(TypeMessage):
    version = fields.Integer(metadata=text(
        "The version of the type's definition, 1 and up; a licence keeps the one it was issued by.",
        "类型定义的版本号，从 1 起；已签发证照沿用签发时的版本。"))


class ListTypes(PageRequest):
    command = usecases.ListTypes
    type_code = fields.String(load_default=None, allow_none=True, validate=TYPE_CODE, metadata=text(
        "Only this type.", "只查询该证照类型。"))


class LicenceTypes(PageReply):
    items = fields.List(fields.Nested(LicenceType), metadata=text(
        "The licence types on this page, by code.",
        "本页证照类型，按代码排序。"))
