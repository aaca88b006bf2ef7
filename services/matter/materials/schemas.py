"""The contract of materials."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.common import texts
from services.matter.common.fields import NAME, PERSONAL, limited_text, moment
from services.matter.definitions.domain.materials import LARGEST, TAKEN
from services.matter.materials.domain.material import STATE
from services.matter.materials.usecases import own_materials, request_upload, transfer
from shared_components.contracts import Message, text
from shared_components.contracts.base import SECRET

MATERIAL_ID = text("The file's id, such as mat_….", "材料文件编号（mat_ 开头）。")
MATERIAL = text("The material's name in the definition, such as photo.", "材料名称（定义中的代码），如 photo。")
MEDIA_TYPE = text(
    "application/pdf, image/jpeg, image/png or application/ofd.",
    "文件类型：application/pdf、image/jpeg、image/png 或 application/ofd。")
SIZE = text("Its size in bytes, at most 20 MiB.", "文件大小（字节），不超过 20 MiB。")
SHA256 = text(
    "The SHA-256 of the file, in hex; null until it was uploaded.", "文件的 SHA-256（十六进制）；上传前为 null。")
FILE_NAME = text(
    "How the applicant calls the file, up to 200 characters; null: not said.",
    "申请人的文件名，200 字以内；未提供为 null。", **PERSONAL)
TICKET = text("The ticket, as the path ends with it.", "凭证，即路径的末段。", data_class=SECRET)


class RequestUpload(Message):
    command = request_upload.RequestUpload
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    material = fields.String(required=True, validate=validate.Regexp(NAME), metadata=MATERIAL)
    media_type = fields.String(required=True, validate=validate.OneOf(TAKEN), metadata=MEDIA_TYPE)
    size = fields.Integer(required=True, validate=validate.Range(1, LARGEST), metadata=SIZE)
    file_name = limited_text(200, load_default=None, allow_none=True, metadata=FILE_NAME)


class TransferTicket(Message):
    material_id = fields.String(required=True, metadata=MATERIAL_ID)
    path = fields.String(required=True, metadata=text(
        "Where the file goes (PUT) or comes from (GET) at the gateway; good once, and without any other key.",
        "在网关上传（PUT）或下载（GET）文件的路径；一次有效，无须其他密钥。", data_class=SECRET))
    until = fields.AwareDateTime(required=True, metadata=text("Until when it is good, UTC.", "有效期至（UTC）。"))


class Material(Message):
    material_id = fields.String(required=True, metadata=MATERIAL_ID)
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    material = fields.String(required=True, metadata=MATERIAL)
    state = fields.String(required=True, validate=validate.OneOf(STATE.states), metadata=text(
        "awaited, given or removed.", "状态：awaited 待上传，given 已提交，removed 已删除。"))
    media_type = fields.String(required=True, metadata=MEDIA_TYPE)
    size = fields.Integer(required=True, metadata=SIZE)
    sha256 = fields.String(required=True, allow_none=True, metadata=SHA256)
    file_name = fields.String(required=True, allow_none=True, metadata=FILE_NAME)
    given_at = moment(required=True, metadata=text(
        "When it was given, UTC; null until then.", "提交时间（UTC）；未提交为 null。"))


class Materials(Message):
    items = fields.List(fields.Nested(Material), required=True, metadata=text(
        "The files of the case, oldest first.", "办件的材料文件，最早的在前。"))


class OneMaterial(Message):
    command = own_materials.OneMaterial
    material_id = limited_text(40, required=True, metadata=MATERIAL_ID)


class ReuseMaterial(Message):
    command = own_materials.ReuseMaterial
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    material = fields.String(required=True, validate=validate.Regexp(NAME), metadata=MATERIAL)
    material_id = limited_text(40, required=True, metadata=text(
        "The file that the applicant gave for another case.", "申请人曾为其他办件提交的材料文件编号。"))


class ByTicket(Message):
    command = transfer.ByTicket
    ticket = limited_text(100, required=True, metadata=TICKET)


class Transfer(Message):
    material_id = fields.String(required=True, metadata=MATERIAL_ID)
    content_id = fields.String(required=True, metadata=text(
        "Under which the store has the content.", "材料库中的内容编号。"))
    media_types = fields.List(fields.String(), required=True, metadata=text(
        "The types that the content may have.", "内容允许的类型。"))
    size = fields.Integer(required=True, metadata=SIZE)
    file_name = fields.String(required=True, allow_none=True, metadata=FILE_NAME)
    key = fields.String(required=True, metadata=text(
        "The key of the content, in hex.", "内容密钥（十六进制）。", data_class=SECRET))


class FinishUpload(Message):
    command = transfer.FinishUpload
    ticket = limited_text(100, required=True, metadata=TICKET)
    size = fields.Integer(required=True, validate=validate.Range(0, LARGEST), metadata=SIZE)
    media_type = limited_text(100, required=True, metadata=MEDIA_TYPE)
    sha256 = fields.String(required=True, validate=validate.Regexp(r"\A[0-9a-f]{64}\Z"), metadata=SHA256)
