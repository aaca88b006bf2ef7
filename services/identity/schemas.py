"""The contract with the world."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.domain.levels import EVIDENCE_KINDS
from shared_components.contracts import Message, PageReply, PageRequest
from shared_components.contracts.addresses import EmailAddressField

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
SUBJECT_ID = validate.Length(1, 64)
ID_TYPE = validate.Regexp(r"\A[0-9A-Z]{1,8}\Z", error="Only 1 to 8 digits and capitals are allowed.")
ID_NUMBER = validate.Length(1, 64)
NAME = validate.Length(1, 200)
MOBILE = validate.Regexp(r"\A(\+[1-9][0-9]{6,14}|1[3-9][0-9]{9})\Z", error="Not a mobile number, local or with +.")
LOCALES = ("zh-CN", "en")


class RegisterPerson(Message):
    name = fields.String(required=True, validate=NAME, metadata=PERSONAL)
    id_type = fields.String(load_default="111", validate=ID_TYPE)
    id_number = fields.String(required=True, validate=ID_NUMBER, metadata=SENSITIVE)
    mobile = fields.String(allow_none=True, validate=MOBILE, metadata=SENSITIVE)
    email = EmailAddressField(allow_none=True, metadata=SENSITIVE)
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES))


class RegisterOrganisation(Message):
    name = fields.String(required=True, validate=NAME, metadata=PERSONAL)
    credit_code = fields.String(required=True, validate=ID_NUMBER)
    mobile = fields.String(allow_none=True, validate=MOBILE, metadata=SENSITIVE)
    email = EmailAddressField(allow_none=True, metadata=SENSITIVE)
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES))


class BySubject(Message):
    subject_id = fields.String(required=True, validate=SUBJECT_ID)


class ForCase(BySubject):
    """purpose: the matter and case that need the data; it is kept with the disclosure."""

    purpose = fields.String(required=True, validate=validate.Length(1, 200))


class FindSubject(Message):
    id_type = fields.String(load_default="111", validate=ID_TYPE)
    id_number = fields.String(required=True, validate=ID_NUMBER, metadata=SENSITIVE)


class AddEvidence(BySubject):
    """data: what the kind needs, such as presence_token; what the sandbox takes is in its documentation."""

    kind = fields.String(required=True, validate=validate.OneOf(EVIDENCE_KINDS))
    data = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), values=fields.String(validate=validate.Length(0, 4096)),
        load_default=dict, validate=validate.Length(0, 10), metadata=SENSITIVE,
    )


class ChangeState(BySubject):
    """reason: a code or sentence without personal data; it is kept in the history."""

    reason = fields.String(required=True, validate=validate.Length(1, 200))


class Subject(Message):
    """Personal fields are masked."""

    subject_id = fields.String()
    kind = fields.String()
    name = fields.String(metadata=PERSONAL)
    id_type = fields.String()
    id_number = fields.String(metadata=SENSITIVE)
    mobile = fields.String(allow_none=True, metadata=SENSITIVE)
    email = fields.String(allow_none=True, metadata=SENSITIVE)
    level = fields.Integer()
    state = fields.String()
    state_label = fields.String()
    locale = fields.String()
    created_at = fields.AwareDateTime()


class CaseSubject(Subject):
    """Personal fields as they are."""


class ListEvidence(BySubject, PageRequest):
    pass


class EvidenceItem(Message):
    evidence_id = fields.String()
    kind = fields.String()
    authority = fields.String()
    receipt = fields.String()
    obtained_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime(allow_none=True)


class EvidencePage(PageReply):
    items = fields.List(fields.Nested(EvidenceItem))


class ListLevels(Message):
    jurisdiction = fields.String(validate=validate.Length(1, 16))


class Level(Message):
    level = fields.Integer()
    name = fields.String()
    name_en = fields.String()
    evidence = fields.List(fields.String())
    valid_days = fields.Integer(allow_none=True)


class Levels(Message):
    jurisdiction = fields.String()
    items = fields.List(fields.Nested(Level))


class SubjectRegistered(Message):
    subject_id = fields.String()
    kind = fields.String()
    level = fields.Integer()
    locale = fields.String()
    registered_at = fields.AwareDateTime()


class LevelRaised(Message):
    subject_id = fields.String()
    level_before = fields.Integer()
    level = fields.Integer()
    evidence_kind = fields.String()
    raised_at = fields.AwareDateTime()


class SubjectStateChanged(Message):
    subject_id = fields.String()
    state_before = fields.String()
    state = fields.String()
    changed_at = fields.AwareDateTime()
