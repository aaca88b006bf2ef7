"""Matters: the list, and the guide of one."""
from __future__ import annotations

from marshmallow import fields

from services.matter.common import texts
from services.matter.common.fields import matter_code
from services.matter.definitions.usecases import read_matters
from shared_components.contracts import Message, PageReply, PageRequest, text


class MatterSummary(Message):
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    version = fields.Integer(required=True, metadata=texts.VERSION)
    item_code = fields.String(metadata=text(
        "The item's code in the national catalogue (GB/T 39554.1): 12 digits, or 31 characters for an "
        "implementation.",
        "政务服务事项编码（GB/T 39554.1）：基本编码 12 位，实施编码 31 位。"))
    title_zh = fields.String(metadata=texts.TITLE_ZH)
    title_en = fields.String(metadata=texts.TITLE_EN)
    department_code = fields.String(metadata=text(
        "The unified social credit code of the department in charge, 18 characters.",
        "主管部门统一社会信用代码，18 位。"))
    department_name = fields.String(metadata=text(
        "The name of the department in charge, in Chinese.",
        "主管部门名称。"))
    published_at = fields.AwareDateTime(metadata=text(
        "When this version was published, UTC.",
        "本版本发布时间（UTC）。"))


class ListMatters(PageRequest):
    command = read_matters.ListMatters


class Matters(PageReply):
    items = fields.List(fields.Nested(MatterSummary), required=True, metadata=text(
        "The newest versions of matters on this page, by code.",
        "本页事项的最新版本，按代码排序。"))


class GetGuide(Message):
    command = read_matters.GetGuide
    matter_code = matter_code(required=True, metadata=texts.MATTER_CODE)


class GuideStep(Message):
    step = fields.String(metadata=texts.STEP)
    kind = fields.String(metadata=texts.KIND)
    title_zh = fields.String(metadata=texts.TITLE_ZH)
    title_en = fields.String(metadata=texts.TITLE_EN)
    after = fields.List(fields.String(), metadata=text(
        "The names of the steps that must be done before this one.",
        "须先完成的步骤名称。"))
    optional = fields.Boolean(metadata=text(
        "Whether the step may be left out, by choice or condition.",
        "是否可不办（可选或附条件的步骤）。"))
    limit_working_days = fields.Integer(allow_none=True, metadata=text(
        "Within how many working days the step is to be done; null when it has no limit.",
        "办理时限（工作日）；未设时限为 null。"))


class GuideMaterial(Message):
    material = fields.String(metadata=text("Its name in the definition.", "材料名称（定义中的代码）。"))
    title_zh = fields.String(metadata=texts.TITLE_ZH)
    title_en = fields.String(metadata=texts.TITLE_EN)
    required = fields.Boolean(metadata=text(
        "Whether no case is submitted without it.", "是否必须提交。"))
    conditional = fields.Boolean(metadata=text(
        "Whether it is required for some answers in the form.", "是否在申请表的某些填写情况下必须提交。"))
    types = fields.List(fields.String(), metadata=text("Types of files that are taken.", "接受的文件类型。"))
    most = fields.Integer(metadata=text("How many files are taken.", "最多提交的文件数。"))


class Guide(MatterSummary):
    """guide: texts in zh and en. form: the JSON Schema of the form."""

    applicant_kinds = fields.List(fields.String(), metadata=text(
        "Who may apply: person, organisation or both.",
        "可申请的主体类别：person 自然人，organisation 组织。"))
    applicant_level = fields.Integer(metadata=text(
        "The assurance level that the applicant needs; identity's list_levels tells them.",
        "申请人须达到的实名等级，见 identity.list_levels。"))
    guide = fields.Dict(metadata=text(
        "The guide's texts (办事指南) in zh and en: conditions, materials, time limit, fees.",
        "办事指南文本（zh、en）：受理条件、申请材料、办理时限、收费等。"))
    form = fields.Dict(metadata=text(
        "The JSON Schema of the form, fields in the order to be shown.",
        "申请表的 JSON Schema，字段按显示顺序排列。"))
    materials = fields.List(fields.Nested(GuideMaterial), metadata=text(
        "Files that the applicant gives; request_upload takes them.", "须提交的材料文件，用 request_upload 上传。"))
    legal_limit = fields.Dict(metadata=text(
        "The limit by law, from the acceptance: working_days, days or months, and by how many it may be extended.",
        "法定办结时限，自受理之日起：working_days 工作日、days 自然日或 months 月；extension 为可延长的数量。"))
    promised_limit = fields.Dict(metadata=text(
        "The promised limit, in the same form.", "承诺办结时限，形式同上。"))
    steps = fields.List(fields.Nested(GuideStep), metadata=text(
        "The steps of the matter, in the order of the definition.",
        "该事项的办理步骤，按定义中的顺序。"))
