"""Steps of an applicant, from the draft to the payment."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter import usecases
from services.matter.schemas import texts
from services.matter.schemas.common import NAME, form, limited_text, matter_code, return_url
from shared_components.contracts import Message, text


class StartCase(Message):
    """form may be incomplete until the case is submitted."""

    command = usecases.StartCase
    matter_code = matter_code(required=True, metadata=texts.MATTER_CODE)
    applicant_subject = limited_text(64, load_default=None, allow_none=True, metadata=text(
        "The subject that applies, such as sub_…; needed where no citizen acts, else the acting citizen is it.",
        "申请主体编号（sub_ 开头）；没有个人（法人）会话时必填，有会话时即为当前主体。"))
    form = form(load_default=dict, metadata=text(
        "The form by field name as far as it is filled; it must be complete when the case is submitted.",
        "申请表，可先填一部分，提交时须完整；格式见 get_guide 的 form。"))


class SaveForm(Message):
    command = usecases.SaveForm
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    form = form(required=True, metadata=texts.FORM)


class CaseId(Message):
    command = usecases.OneCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)


class SubmitCase(Message):
    command = usecases.SubmitCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    return_url = return_url()


class ChooseChannel(Message):
    command = usecases.ChooseChannel
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=text(
        "A step of kind pay that waits, such as pay.", "等待缴费的步骤，如 pay。"))
    channel = limited_text(20, required=True, metadata=text(
        "One of the channels in the step's result, such as alipay.", "步骤结果中列出的支付渠道之一，如 alipay。"))
    return_url = return_url()


class ChosenChannel(Message):
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, metadata=texts.STEP)
    state = fields.String(required=True, metadata=texts.STATE)
    channel = fields.String(required=True, metadata=text(
        "The channel that was chosen.", "所选支付渠道。"))
    pay_url = fields.String(required=True, metadata=text(
        "The page where the applicant pays; of WeChat's native product a weixin:// address to show as a QR code.",
        "申请人缴费的页面地址；微信 Native 支付为 weixin:// 地址，须展示为二维码。"))
