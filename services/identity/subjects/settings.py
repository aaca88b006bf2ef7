"""Section services.identity of the configuration, as far as subjects need it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.identity.subjects.domain.documents import DocumentRules, DocumentType
from services.identity.subjects.domain.levels import (
    DEFAULT_JURISDICTION,
    DEFAULT_RULES,
    EVIDENCE_KINDS,
    LevelRule,
    LevelTable,
)
from services.identity.subjects.domain.number_checks import CHECKS, NO_CHECK
from services.identity.subjects.domain.policy import IdentityPolicy
from shared_components.kernel.patterns import ALLOWED as PATTERNS_ALLOWED
from shared_components.kernel.patterns import PatternInvalid, pattern_of

AUTHORITIES = ("sandbox",)


class LevelSettings(Schema):
    level = fields.Integer(required=True, strict=True)
    name = fields.String(required=True, validate=validate.Length(1, 50))
    name_en = fields.String(load_default="", validate=validate.Length(0, 50))
    evidence = fields.List(fields.String(validate=validate.OneOf(EVIDENCE_KINDS)), load_default=list)
    valid_days = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 36_500))

    @post_load
    def _rule(self, data: dict[str, Any], **_: Any) -> LevelRule:
        return LevelRule(**{**data, "evidence": tuple(data["evidence"])})


class DocumentTypeSettings(Schema):
    pattern = fields.String(required=True)
    check = fields.String(load_default=NO_CHECK, validate=validate.OneOf(tuple(CHECKS)))
    verbatim = fields.Boolean(load_default=False)

    @post_load
    def _type(self, data: dict[str, Any], **_: Any) -> DocumentType:
        try:
            pattern_of(data["pattern"])
        except PatternInvalid as invalid:
            raise ValidationError(f"{invalid}; allowed is {PATTERNS_ALLOWED}.", "pattern") from None
        return DocumentType(**data)


class DocumentTypeField(fields.Nested):
    """A pattern alone, or a mapping with pattern, check and verbatim."""

    def __init__(self) -> None:
        super().__init__(DocumentTypeSettings)

    def _deserialize(self, value: Any, *given: Any, **more: Any) -> Any:
        return super()._deserialize({"pattern": value} if isinstance(value, str) else value, *given, **more)


class IdentitySettings(Schema):
    """Section services.identity of the configuration.

    jurisdictions: code → list of levels; without it the default table. id_types: code → pattern of the number,
    or a mapping with pattern, check and verbatim.
    """

    authority = fields.String(load_default="sandbox", validate=validate.OneOf(AUTHORITIES), metadata={
        "allowed": "one of " + ", ".join(AUTHORITIES), "meaning": "Who confirms evidence about a subject"})
    jurisdiction = fields.String(load_default=DEFAULT_JURISDICTION, validate=validate.Length(1, 16), metadata={
        "allowed": "one of the jurisdictions", "meaning": "Whose table of levels holds when a call names none"})
    jurisdictions = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 16)), values=fields.List(fields.Nested(LevelSettings)),
        load_default=lambda: {DEFAULT_JURISDICTION: list(DEFAULT_RULES)}, metadata={
            "allowed": "a mapping from a code to a list of mappings with level, name, name_en, evidence, valid_days",
            "meaning": "The ordered assurance levels of each jurisdiction and the evidence each needs",
        },
    )
    id_types = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"\A[0-9A-Z]{1,8}\Z")), values=DocumentTypeField(),
        load_default=dict, metadata={
            "allowed": "a mapping from a code (0-9, A-Z) to a regular expression (RE2) of its numbers, or to a mapping "
            "with pattern, check (" + ", ".join(CHECKS) + ") and verbatim (an outside provider's id, such as 网号)",
            "meaning": "Kinds of documents beside the resident identity card"})
    lenient_credit_codes = fields.Boolean(load_default=False, metadata={
        "allowed": "true or false", "meaning": "Ask of a credit code its form only, not its check character"})

    @validates_schema
    def _check(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["jurisdiction"] not in data["jurisdictions"]:
            raise ValidationError(f"Only one of {sorted(data['jurisdictions'])} is allowed.", "jurisdiction")
        for code, rules in data["jurisdictions"].items():
            try:
                LevelTable(code, rules)
            except ValueError as wrong:
                raise ValidationError(str(wrong), "jurisdictions") from None


def policy_of(settings: Mapping[str, Any]) -> IdentityPolicy:
    """The policy that validated settings ask for."""
    tables = {code: LevelTable(code, rules) for code, rules in settings["jurisdictions"].items()}
    documents = DocumentRules(settings["id_types"], settings["lenient_credit_codes"])
    return IdentityPolicy(documents, tables[settings["jurisdiction"]], tables)
