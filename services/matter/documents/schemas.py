"""The contract of documents."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.common import texts
from services.matter.common.fields import PERSONAL, limited_text
from services.matter.definitions.domain.documents import KINDS
from services.matter.documents.usecases import read_documents
from shared_components.contracts import Message, text
from shared_components.contracts.base import SECRET

DOCUMENT_ID = text("The document's id, such as doc_….", "文书编号（doc_ 开头）。")


class OneDocument(Message):
    command = read_documents.OneDocument
    document_id = limited_text(40, required=True, metadata=DOCUMENT_ID)


class Document(Message):
    document_id = fields.String(required=True, metadata=DOCUMENT_ID)
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS), metadata=text(
        "receipt, supplement, acceptance, non-acceptance, extension, payment, grant, refusal or delivery.",
        "文书类型：receipt 收件凭证，supplement 补正告知，acceptance 受理，non-acceptance 不予受理，extension 延期，"
        "payment 缴费通知，grant 准予，refusal 不予许可，delivery 送达。"))
    step = fields.String(required=True, allow_none=True, metadata=text(
        "The step that it is about, such as the payment; null for the whole case.",
        "涉及的步骤，如缴费；涉及整个办件的为 null。"))
    title_zh = fields.String(required=True, metadata=texts.TITLE_ZH)
    title_en = fields.String(required=True, metadata=texts.TITLE_EN)
    text_zh = fields.String(required=True, metadata=text("The text in Chinese.", "中文正文。", **PERSONAL))
    text_en = fields.String(required=True, metadata=text("The text in English.", "英文正文。", **PERSONAL))
    number = fields.String(required=True, allow_none=True, metadata=text(
        "Its number in the department's year, such as 示公交许〔2026〕12号; null until it is counted, about 2 s.",
        "发文字号，如 示公交许〔2026〕12号；编号前（约两秒）为 null。"))
    issued_on = fields.Date(required=True, metadata=text("The day of its issue, in China.", "出具日期（中国日期）。"))
    stamped = fields.Boolean(required=True, allow_none=True, metadata=text(
        "Whether the file has an electronic seal; null until somebody first asks for the file.",
        "文件是否加盖电子印章；文件尚未生成为 null。"))
    sha256 = fields.String(required=True, allow_none=True, metadata=text(
        "The SHA-256 of the file, in hex; null until somebody first asks for the file.",
        "文件的 SHA-256（十六进制）；文件尚未生成为 null。"))


class Documents(Message):
    items = fields.List(fields.Nested(Document), required=True, metadata=text(
        "The documents of the case, in the order of their issue.", "办件的文书，按出具先后排列。"))


class DocumentTicket(Message):
    document_id = fields.String(required=True, metadata=DOCUMENT_ID)
    path = fields.String(required=True, metadata=text(
        "Where the PDF comes from (GET) at the gateway; good once, and without any other key.",
        "在网关下载（GET）PDF 文件的路径；一次有效，无须其他密钥。", data_class=SECRET))
    until = fields.AwareDateTime(required=True, metadata=text("Until when it is good, UTC.", "有效期至（UTC）。"))
