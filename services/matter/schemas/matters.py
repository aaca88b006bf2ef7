"""Matters: publish, list, guide."""
from __future__ import annotations

from marshmallow import fields

from services.matter import usecases
from services.matter.schemas import texts
from services.matter.schemas.common import limited_text, matter_code
from shared_components.contracts import Message, PageReply, PageRequest, text


class PublishDefinition(Message):
    command = usecases.PublishMatter
    definition_yaml = limited_text(200_000, required=True, metadata=text(
        "The matter's definition as YAML, up to 200,000 characters; docs/guides tell its form. Every mistake is "
        "told with its line.",
        "事项定义（YAML），200000 字以内；有误时逐条给出行号。"))
    allow_missing = fields.Boolean(load_default=False, metadata=text(
        "Publish although a template, fee item, payment channel, licence type or callback source that it names does "
        "not exist yet; the reply then tells them as warnings.",
        "引用的模板、收费项目、支付渠道、证照类型或回调来源尚不存在时仍予发布，缺失项在返回的 warnings 中列出。"))


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


class Problem(Message):
    line = fields.Integer(required=True, metadata=text("The line of the file, from 1.", "文件行号，从 1 起。"))
    path = fields.String(required=True, metadata=text(
        "Where it is in the definition, such as steps.0.with.template.",
        "在定义中的位置，如 steps.0.with.template。"))
    message = fields.String(required=True, metadata=text("What is wrong.", "问题说明。"))
    allowed = fields.String(required=True, metadata=text("What is allowed there.", "允许的取值。"))


class PublishedMatter(MatterSummary):
    warnings = fields.List(fields.Nested(Problem), required=True, metadata=text(
        "What the definition names and nobody has, published all the same because of allow_missing.",
        "定义引用而不存在的内容；因 allow_missing 仍予发布。"))


class ListMatters(PageRequest):
    command = usecases.ListMatters


class Matters(PageReply):
    items = fields.List(fields.Nested(MatterSummary), required=True, metadata=text(
        "The newest versions of matters on this page, by code.",
        "本页事项的最新版本，按代码排序。"))


class GetGuide(Message):
    command = usecases.GetGuide
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
    steps = fields.List(fields.Nested(GuideStep), metadata=text(
        "The steps of the matter, in the order of the definition.",
        "该事项的办理步骤，按定义中的顺序。"))


class Bootstrap(Message):
    pass


class Bootstrapped(Message):
    definitions = fields.List(fields.Dict(), required=True, metadata=text(
        "The published definitions, each with its matter_code and version.",
        "已发布的事项定义，含代码和版本号。"))
    templates = fields.Integer(required=True, metadata=text(
        "How many message templates were put.",
        "已写入的消息模板数量。"))
