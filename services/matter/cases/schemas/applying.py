"""Steps of an applicant, from the draft to the payment."""
from __future__ import annotations

from services.matter.cases.usecases import own_case, save_form, start_case, submit_case
from services.matter.common import texts
from services.matter.common.fields import form, limited_text, matter_code, return_url
from shared_components.contracts import Message, optional_subject, text


class StartCase(Message):
    """form may be incomplete until the case is submitted."""

    command = start_case.StartCase
    matter_code = matter_code(required=True, metadata=texts.MATTER_CODE)
    applicant_subject = optional_subject(text(
        "The subject that applies, such as sub_…; needed where no citizen acts, else the acting citizen is it.",
        "申请主体编号（sub_ 开头）；没有个人（法人）会话时必填，有会话时即为当前主体。"))
    form = form(load_default=dict, metadata=text(
        "The form by field name as far as it is filled; it must be complete when the case is submitted.",
        "申请表，可先填一部分，提交时须完整；格式见 get_guide 的 form。"))


class SaveForm(Message):
    command = save_form.SaveForm
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    form = form(required=True, metadata=texts.FORM)


class CaseId(Message):
    command = own_case.OneCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)


class SubmitCase(Message):
    command = submit_case.SubmitCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    return_url = return_url()
