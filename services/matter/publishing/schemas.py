"""Publishing of matters."""
from __future__ import annotations

from marshmallow import fields

from services.matter.common.fields import limited_text
from services.matter.definitions.schemas import MatterSummary
from services.matter.publishing.usecases import publish_matter
from shared_components.contracts import Message, text


class PublishDefinition(Message):
    command = publish_matter.PublishMatter
    definition_yaml = limited_text(200_000, required=True, metadata=text(
        "The matter's definition as YAML, up to 200,000 characters; docs/guides tell its form. Every mistake is "
        "told with its line.",
        "事项定义（YAML），200000 字以内；有误时逐条给出行号。"))
    allow_missing = fields.Boolean(load_default=False, metadata=text(
        "Publish although a template, fee item, payment channel, licence type or callback source that it names does "
        "not exist yet; the reply then tells them as warnings.",
        "引用的模板、收费项目、支付渠道、证照类型或回调来源尚不存在时仍予发布，缺失项在返回的 warnings 中列出。"))



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



class Bootstrap(Message):
    pass



class Bootstrapped(Message):
    definitions = fields.List(fields.Dict(), required=True, metadata=text(
        "The published definitions, each with its matter_code and version.",
        "已发布的事项定义，含代码和版本号。"))
    templates = fields.Integer(required=True, metadata=text(
        "How many message templates were put.",
        "已写入的消息模板数量。"))
