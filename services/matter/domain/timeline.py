"""Lines that the citizen reads about a case, in Chinese and English. No personal data stands in it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.matter.domain.definition.model import Text

TEXTS: Mapping[str, tuple[str, str]] = {
    "submitted": ("已提交申请", "The application was submitted"),
    "step-completed": ("“{zh}”已完成", "“{en}” is done"),
    "step-waiting": ("等待“{zh}”的结果", "Waiting for “{en}”"),
    "payment-due": (
        "请缴费 {amount} 元，缴款码 {pay_code}", "Please pay CNY {amount}, payment code {pay_code}",
    ),
    "paid": ("已缴费 {amount} 元", "CNY {amount} were paid"),
    "licence-issued": ("新证照已制发，原证照失效", "The new licence was issued; the old one is no longer valid"),
    "dispatched": ("证件已交寄，运单号 {waybill}", "The licence was sent by post, waybill {waybill}"),
    "yearly-examination": (
        "申请人已满{age}周岁，须每年提交身体条件证明，下次截止 {due}",
        "From the age of {age} the certificate is due every year; next by {due}",
    ),
    "step-refused": ("“{zh}”未通过：{reason_zh}", "“{en}” was refused: {reason_en}"),
    "step-stuck": ("“{zh}”办理受阻，工作人员正在处理", "“{en}” is held up; staff are looking at it"),
    "step-retried": ("工作人员已重新办理“{zh}”", "Staff have resumed “{en}”"),
    "withdrawing": ("申请人撤回申请", "The applicant withdraws the application"),
    "refunded": ("已退款 {amount} 元", "CNY {amount} were refunded"),
    "licence-cancelled": ("本次制发的证照已注销", "The licence issued in this case was cancelled"),
    "completed": ("办结", "The case is completed"),
    "refused": ("不予办理：{reason_zh}", "The application is refused: {reason_en}"),
    "withdrawn": ("申请已撤回", "The application is withdrawn"),
    "rating-invited": ("请对本次服务进行评价", "Please rate this service"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """entry: a constant of TEXTS. step: the step it is about, if any."""

    at: datetime
    entry: str
    step: str | None
    zh: str
    en: str


def entry(
    at: datetime, name: str, values: Mapping[str, str] | None = None, *, step: str | None = None,
    title: Text | None = None,
) -> TimelineEntry:
    """values: of the text's placeholders; `zh` and `en` in it are the step's title."""
    zh, en = TEXTS[name]
    values = dict(values or {}) | ({"zh": title.zh, "en": title.en} if title is not None else {})
    return TimelineEntry(at, name, step, zh.format(**values), en.format(**values))
