"""Texts of fields that several schemas have."""
from __future__ import annotations

from shared_components.contracts import text

MATTER_CODE = text(
    "The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal.",
    "事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。")
VERSION = text(
    "The version of the matter's definition, 1 and up; a case keeps the one it was started under.",
    "事项定义的版本号，从 1 起；办件沿用发起时的版本。")
TITLE_ZH = text(
    "The title in Chinese.",
    "中文名称。")
TITLE_EN = text(
    "The title in English.",
    "英文名称。")
FORM = text(
    "The filled form by field name, at most 100 fields; get_guide gives its JSON Schema.",
    "已填写的申请表，按字段名，最多 100 项；格式见 get_guide 的 form。")
STEP = text(
    "The step's name in the definition, such as medical-check.",
    "步骤名称（定义中的代码），如 medical-check。")
KIND = text(
    "What the step does, such as check, callback, pay, issue_licence, deliver or notify.",
    "步骤类型，如 check 核验、callback 等待外部结果、pay 缴费、issue_licence 制证、deliver 寄送。")
STATE = text(
    "The state of a step: pending, ready, running, waiting, stuck, completed, refused, skipped or cancelled.",
    "步骤状态：pending 未开始，ready 待处理，running 处理中，waiting 等待外部结果，stuck 受阻，completed 已完成，"
    "refused 未通过，skipped 无需办理，cancelled 已取消。")
STATE_LABEL = text(
    "The state's name in the caller's language, to be shown.",
    "状态名称，按调用方语言返回，供页面显示。")
APPLICANT_SUBJECT = text(
    "The applicant's id in identity, such as sub_….",
    "申请人在身份服务中的编号（sub_ 开头）。")
CASE_ID = text(
    "The case's id, such as case_….",
    "办件编号（case_ 开头）。")
FINISHED_AT = text(
    "When the case ended, UTC; null while it is open.",
    "办件结束时间（UTC）；办理中为 null。")
OVERDUE = text(
    "Whether a limit has passed.",
    "是否超期。")
SUBMITTED_AT = text(
    "When the applicant submitted, UTC; null for a draft.",
    "提交时间（UTC）；草稿为 null。")
STAGE = text(
    "The stage of the procedure by law: received, supplement, accepted, not-accepted, examined, granted, refused, "
    "delivered, withdrawn or terminated; null for drafts and for cases of before.",
    "法定办理阶段：received 已收件，supplement 待补正，accepted 已受理，not-accepted 不予受理，examined 已审查，"
    "granted 准予，refused 不予许可，delivered 已送达，withdrawn 已撤回，terminated 已终止；草稿及历史办件为 null。")
