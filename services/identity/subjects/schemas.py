"""The contract with the world."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.subjects.domain import merging, subject
from services.identity.subjects.domain import states as subject_states
from services.identity.subjects.domain.levels import EVIDENCE_KINDS
from services.identity.subjects.usecases import evidence, history, merge, read, register, states
from shared_components.contracts import EventContract, Message, PageReply, PageRequest, SubjectId, text
from shared_components.contracts.addresses import EmailAddressField
from shared_components.kernel.bilingual import Bilingual

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
SUBJECT_ID = validate.Length(1, 64)
ID_TYPE = validate.Regexp(r"\A[0-9A-Z]{1,8}\Z", error=Bilingual(
    "Only 1 to 8 digits and capitals are allowed.", "只允许 1 至 8 位数字与大写字母。"))
ID_NUMBER = validate.Length(1, 64)
NAME = validate.Length(1, 200)
MOBILE = validate.Regexp(r"\A(\+[1-9][0-9]{6,14}|1[3-9][0-9]{9})\Z", error=Bilingual(
    "Not a mobile number, local or with +.", "不是有效的手机号码（境内号码，或以 + 开头的国际号码）。"))
LOCALES = ("zh-CN", "en")

SUBJECT_ID_TEXT = text(
    "The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life.",
    "主体编号（sub_ 开头），由平台生成，终身不变。")
MERGED_ID_TEXT = text(
    "The id of the subject that was merged; it can still be read, and gives the subject that stays.",
    "被合并的主体编号；仍可查询，返回保留的主体。")
KIND_TEXT = text(
    "What the subject is: person (natural person) or organisation (legal person).",
    "主体类别：person 自然人，organisation 法人或其他组织。")
NAME_TEXT = text(
    "The name in full, as the identity document or registration has it; replies mask it.",
    "姓名或单位名称，与证件或登记证书一致；返回时脱敏。")
ID_TYPE_TEXT = text(
    "The type code of the document, 1 to 8 digits and capitals: 111 resident identity card (GB 11643), 001 unified "
    "social credit code (GB 32100); others as configured.",
    "证件类型代码，1–8 位数字或大写字母：111 居民身份证，001 统一社会信用代码，其余以配置为准。")
ID_NUMBER_TEXT = text(
    "The document's number; for 111 the 18 characters of GB 11643, check digit X as a capital. Replies mask it.",
    "证件号码；居民身份证按 GB 11643 为 18 位，末位 X 大写；返回时脱敏。")
MOBILE_TEXT = text(
    "A mobile number: 11 digits of mainland China, or + with country code and number. Replies mask it.",
    "手机号码：大陆 11 位号码，或以 + 开头的国际号码；返回时脱敏。")
EMAIL_TEXT = text(
    "An e-mail address, up to 254 characters. Replies mask it.",
    "电子邮箱，不超过 254 个字符；返回时脱敏。")
STATE_TEXT = text(
    "active, frozen (can do nothing for a time) or closed (final).",
    "状态：active 正常，frozen 冻结（期间不能办事），closed 注销（不可恢复）。")
LOCALE_TEXT = text(
    "The language for messages to the subject: zh-CN or en.",
    "与该主体联系所用语言：zh-CN 或 en。")
JURISDICTION_TEXT = text(
    "Whose table of levels: a code of the configuration of up to 16 characters; in a request, the platform's own "
    "when left out.",
    "适用等级表的地区代码，不超过 16 个字符，以配置为准；查询时不传则用本平台所属地区。")


class RegisterPerson(Message):
    command = register.RegisterPerson
    name = fields.String(required=True, validate=NAME, metadata={**NAME_TEXT, **PERSONAL})
    id_type = fields.String(load_default="111", validate=ID_TYPE, metadata=ID_TYPE_TEXT)
    id_number = fields.String(required=True, validate=ID_NUMBER, metadata={**ID_NUMBER_TEXT, **SENSITIVE})
    mobile = fields.String(allow_none=True, validate=MOBILE, metadata={**MOBILE_TEXT, **SENSITIVE})
    email = EmailAddressField(allow_none=True, metadata={**EMAIL_TEXT, **SENSITIVE})
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES), metadata=LOCALE_TEXT)


class RegisterOrganisation(Message):
    command = register.RegisterOrganisation
    name = fields.String(required=True, validate=NAME, metadata={**NAME_TEXT, **PERSONAL})
    credit_code = fields.String(required=True, validate=ID_NUMBER, metadata=text(
        "The unified social credit code, 18 characters by GB 32100.",
        "统一社会信用代码，18 位（GB 32100）。"))
    mobile = fields.String(allow_none=True, validate=MOBILE, metadata={**MOBILE_TEXT, **SENSITIVE})
    email = EmailAddressField(allow_none=True, metadata={**EMAIL_TEXT, **SENSITIVE})
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES), metadata=LOCALE_TEXT)


class OfSubject(Message):
    subject_id = SubjectId(required=True, validate=SUBJECT_ID, metadata=SUBJECT_ID_TEXT)


class BySubject(OfSubject):
    command = read.GetSubject


class ForCase(OfSubject):
    """purpose: the matter and case that need the data; it is kept with the disclosure."""

    command = read.GetSubjectForCase
    purpose = fields.String(required=True, validate=validate.Length(1, 200), metadata=text(
        "The matter and case that need the data, up to 200 characters; it is kept with the disclosure.",
        "取用信息的事由（事项与办件编号），200 字以内；与调取记录一并留存。"))


class FindSubject(Message):
    command = read.FindSubject
    id_type = fields.String(load_default="111", validate=ID_TYPE, metadata=ID_TYPE_TEXT)
    id_number = fields.String(required=True, validate=ID_NUMBER, metadata={**ID_NUMBER_TEXT, **SENSITIVE})


class AddEvidence(OfSubject):
    """data: what the kind needs, such as presence_token; what the sandbox takes is in its documentation."""

    command = evidence.AddEvidence
    kind = fields.String(required=True, validate=validate.OneOf(EVIDENCE_KINDS), metadata=text(
        "What is to be confirmed: name-number-match (name and number), proof-of-presence (face or the like), "
        "counter-check (at a counter), certificate (digital certificate).",
        "核验方式：name-number-match 姓名与证件号码比对，proof-of-presence 人脸等实人核验，counter-check 窗口核验，"
        "certificate 数字证书。"))
    data = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), values=fields.String(validate=validate.Length(0, 4096)),
        load_default=dict, validate=validate.Length(0, 10), metadata=text(
        "What the authority needs for this kind, such as presence_token; names of up to 64 and values of up to "
        "4,096 characters, at most 10. It is passed on and not stored.",
        "权威机构核验所需材料，如实人核验的 presence_token；最多 10 项，名称不超过 64 字、值不超过 4096 字，"
        "仅转交、不留存。", **SENSITIVE))


class ChangeState(OfSubject):
    """reason: a code or sentence without personal data; it is kept in the history."""

    command = states.ChangeState
    reason = fields.String(required=True, validate=validate.Length(1, 200), metadata=text(
        "Why, as a code or sentence without personal data, up to 200 characters; it is kept in the history.",
        "变更原因，代码或一句话，200 字以内，不得含个人信息；留存备查。"))


class Subject(Message):
    """Personal fields are masked."""

    subject_id = SubjectId(metadata=SUBJECT_ID_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    name = fields.String(metadata={**NAME_TEXT, **PERSONAL})
    id_type = fields.String(metadata=ID_TYPE_TEXT)
    id_number = fields.String(metadata={**ID_NUMBER_TEXT, **SENSITIVE})
    mobile = fields.String(allow_none=True, metadata={**MOBILE_TEXT, **SENSITIVE})
    email = fields.String(allow_none=True, metadata={**EMAIL_TEXT, **SENSITIVE})
    level = fields.Integer(metadata=text(
        "The assurance level that counts now, 1 and up; list_levels says what each needs. It falls when evidence "
        "ends.",
        "当前实名等级，从 1 起；各级要求见 list_levels，核验材料到期后等级会下降。"))
    state = fields.String(metadata=STATE_TEXT)
    state_label = fields.String(metadata=text(
        "The state's name in the caller's language, to be shown.",
        "状态名称，供页面显示，语言与调用方一致。"))
    locale = fields.String(metadata=LOCALE_TEXT)
    created_at = fields.AwareDateTime(metadata=text(
        "When the subject was registered, UTC.",
        "注册时间（UTC）。"))


class CaseSubject(Subject):
    """Personal fields as they are."""


class ListEvidence(OfSubject, PageRequest):
    command = read.ListEvidence


class EvidenceItem(Message):
    evidence_id = fields.String(metadata=text(
        "The id of this piece of evidence.",
        "核验记录编号。"))
    kind = fields.String(metadata=text(
        "How it was confirmed: name-number-match, proof-of-presence, counter-check or certificate.",
        "已通过的核验方式，取值同 add_evidence 的 kind。"))
    authority = fields.String(metadata=text(
        "Who confirmed, by the name in the configuration.",
        "作出核验结论的权威机构，以配置中的名称为准。"))
    receipt = fields.String(metadata=text(
        "The authority's own number of the confirmation, for asking there.",
        "权威机构给出的核验流水号，可凭此向其查询。"))
    obtained_at = fields.AwareDateTime(metadata=text(
        "When the authority confirmed, UTC.",
        "核验通过时间（UTC）。"))
    ends_at = fields.AwareDateTime(allow_none=True, metadata=text(
        "When the evidence stops counting, UTC; null when it does not end.",
        "核验结果失效时间（UTC）；长期有效为 null。"))


class EvidencePage(PageReply):
    items = fields.List(fields.Nested(EvidenceItem), metadata=text(
        "The evidence on this page, newest first.",
        "本页核验记录，最新的在前。"))


class ListLevels(Message):
    command = read.ListLevels
    jurisdiction = fields.String(validate=validate.Length(1, 16), metadata=JURISDICTION_TEXT)


class Level(Message):
    level = fields.Integer(metadata=text(
        "The number of the level, 1 and up; a higher one includes all below.",
        "等级序号，从 1 起，高等级包含低等级。"))
    name = fields.String(metadata=text(
        "The level's name in Chinese.",
        "等级的中文名称，如“实人核验”。"))
    name_en = fields.String(metadata=text(
        "The level's name in English.",
        "等级的英文名称。"))
    evidence = fields.List(fields.String(), metadata=text(
        "Kinds of evidence of which one is enough; empty for the lowest level.",
        "达到该级可用的核验方式，任一即可；最低一级为空。"))
    valid_days = fields.Integer(allow_none=True, metadata=text(
        "For how many days the evidence counts; null when it does not end.",
        "核验结果有效天数；长期有效为 null。"))


class Levels(Message):
    jurisdiction = fields.String(metadata=JURISDICTION_TEXT)
    items = fields.List(fields.Nested(Level), metadata=text(
        "All levels of the jurisdiction, lowest first.",
        "该地区全部实名等级，由低到高。"))


class SubjectRegistered(Message):
    subject_id = SubjectId(metadata=SUBJECT_ID_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    level = fields.Integer(metadata=text(
        "The level after registration, which is 1.",
        "注册后的实名等级，固定为 1。"))
    locale = fields.String(metadata=LOCALE_TEXT)
    registered_at = fields.AwareDateTime(metadata=text(
        "When the subject was registered, UTC.",
        "主体完成注册的时间（UTC）。"))


class LevelRaised(Message):
    subject_id = SubjectId(metadata=SUBJECT_ID_TEXT)
    level_before = fields.Integer(metadata=text(
        "The level before the change.",
        "变更前的实名等级。"))
    level = fields.Integer(metadata=text(
        "The level after the change.",
        "变更后的实名等级。"))
    evidence_kind = fields.String(metadata=text(
        "The kind of evidence that raised the level: name-number-match, proof-of-presence, counter-check or "
        "certificate.",
        "使等级提升的核验方式，取值同 add_evidence 的 kind。"))
    raised_at = fields.AwareDateTime(metadata=text(
        "When the level was raised, UTC.",
        "等级提升的时间（UTC）。"))


class SubjectStateChanged(Message):
    subject_id = SubjectId(metadata=SUBJECT_ID_TEXT)
    state_before = fields.String(metadata=text(
        "The state before the change: active, frozen or closed.",
        "变更前的状态，取值同 state。"))
    state = fields.String(metadata=STATE_TEXT)
    changed_at = fields.AwareDateTime(metadata=text(
        "When the state changed, UTC.",
        "状态变更的时间（UTC）。"))


class MergeSubjects(OfSubject):
    command = merge.MergeSubjects
    merged_id = SubjectId(required=True, validate=SUBJECT_ID, metadata=MERGED_ID_TEXT)
    reason = fields.String(required=True, validate=validate.Length(1, 200), metadata=text(
        "Why the two are one person, without personal data, up to 200 characters; it is kept in the history.",
        "认定为同一主体的理由，200 字以内，不得含个人信息；留存备查。"))


class ListSubjectChanges(OfSubject, PageRequest):
    command = history.ListSubjectChanges


class SubjectChange(Message):
    revision = fields.Integer(metadata=text("The number of the change, from 1.", "变更序号，从 1 起。"))
    what = fields.String(metadata=text(
        "The change, such as subject-registered, evidence-added, subject-state-changed or subject-merged.",
        "变更内容代码，如 subject-registered 登记、evidence-added 核验、subject-state-changed 状态变更、"
        "subject-merged 合并。"))
    facts = fields.Dict(metadata=text(
        "Ids, states, levels and the reason; no personal data.", "编号、状态、等级与理由；不含个人信息。"))
    actor = fields.String(metadata=text("The caller who made the change.", "作出变更的调用方。"))
    at = fields.AwareDateTime(metadata=text("When the change was made, UTC.", "变更时间（UTC）。"))


class SubjectChangePage(PageReply):
    items = fields.List(fields.Nested(SubjectChange), metadata=text(
        "The changes on this page, newest first.", "本页变更记录，最新的在前。"))


class SubjectMerged(Message):
    subject_id = SubjectId(metadata=SUBJECT_ID_TEXT)
    merged_id = SubjectId(metadata=MERGED_ID_TEXT)
    merged_at = fields.AwareDateTime(metadata=text("When the subjects were merged, UTC.", "合并时间（UTC）。"))


EVENTS = (
    EventContract(subject.REGISTERED, SubjectRegistered, summary="A person or organisation registered.",
                  summary_zh="自然人或组织已注册。"),
    EventContract(subject.LEVEL_RAISED, LevelRaised, summary="Evidence raised a subject's level.",
                  summary_zh="主体通过核验，实名等级已提升。"),
    EventContract(subject_states.STATE_CHANGED, SubjectStateChanged, summary="A subject was frozen or closed.",
                  summary_zh="主体被冻结、解冻或注销。"),
    EventContract(merging.MERGED, SubjectMerged, summary="Two subjects of one person were merged.",
                  summary_zh="同一人的两个主体已合并。"),
)
