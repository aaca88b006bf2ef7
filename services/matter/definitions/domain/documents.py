"""Documents (文书) that a definition lets the platform issue, with their texts.

Source: 行政许可法 articles 32 (receipt, supplement, acceptance), 38 (decision), 42 (extension), 44 (delivery).
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from services.matter.definitions.domain.problems import Path, Problem
from shared_components.kernel.bilingual import Bilingual, listed_zh

RECEIPT, SUPPLEMENT, ACCEPTANCE, NON_ACCEPTANCE = "receipt", "supplement", "acceptance", "non-acceptance"
EXTENSION, PAYMENT, GRANT, REFUSAL, DELIVERY = "extension", "payment", "grant", "refusal", "delivery"


@dataclass(frozen=True, slots=True)
class DocumentText:
    """title, text: each for zh and en; the text may hold placeholders, and a blank line begins a paragraph."""

    title: Mapping[str, str]
    text: Mapping[str, str]


_APPLIED = "你（单位）于 {received_on} 就“{matter}”提出的申请（办件编号 {case_id}）"
_APPLIED_EN = 'your application of {received_on} for "{matter}" (case {case_id})'

TEXTS: Mapping[str, DocumentText] = {
    RECEIPT: DocumentText({"zh": "收件凭证", "en": "Receipt of an application"}, {
        "zh": _APPLIED + "，本机关已收到。本机关将在五个工作日内告知是否受理；"
              "逾期不告知的，自收到申请材料之日起即为受理。",
        "en": "We have received " + _APPLIED_EN + ". Within five working days you are told whether it is accepted; "
              "otherwise it counts as accepted on the day of its receipt."}),
    SUPPLEMENT: DocumentText({"zh": "补正材料一次性告知书", "en": "Notice of missing materials"}, {
        "zh": _APPLIED + "，材料不齐全或不符合法定形式，现一次性告知需要补正的内容：\n\n{items}\n\n"
              "请于 {answer_by} 前补正。",
        "en": "For " + _APPLIED_EN + " this is missing:\n\n{items}\n\nPlease supplement it by {answer_by}."}),
    ACCEPTANCE: DocumentText({"zh": "受理通知书", "en": "Notice of acceptance"}, {
        "zh": _APPLIED + "，经审查符合受理条件，自 {accepted_on} 起予以受理。本机关将于 {due_on} 前作出决定。",
        "en": "We accept " + _APPLIED_EN + " as of {accepted_on}. It is decided by {due_on}."}),
    NON_ACCEPTANCE: DocumentText({"zh": "不予受理通知书", "en": "Notice of non-acceptance"}, {
        "zh": _APPLIED + "，本机关决定不予受理。理由：{reason}\n\n{remedies}",
        "en": "We do not accept " + _APPLIED_EN + ". Reason: {reason}\n\n{remedies}"}),
    EXTENSION: DocumentText({"zh": "延长办理期限通知书", "en": "Notice of extension"}, {
        "zh": _APPLIED + "，不能在规定期限内作出决定，经本机关负责人批准，办理期限延长至 {due_on}。理由：{reason}",
        "en": "For " + _APPLIED_EN + " the limit is extended until {due_on}. Reason: {reason}"}),
    PAYMENT: DocumentText({"zh": "缴费通知书", "en": "Notice of payment"}, {
        "zh": _APPLIED + "，应缴纳费用 {amount} {currency}，缴款码 {pay_code}。请在办件页面或凭缴款码缴纳。",
        "en": "For " + _APPLIED_EN + " {amount} {currency} is to be paid, pay code {pay_code}."}),
    GRANT: DocumentText({"zh": "准予行政许可决定书", "en": "Decision: granted"}, {
        "zh": _APPLIED + "，经审查符合法定条件、标准，本机关决定准予。",
        "en": "We grant " + _APPLIED_EN + ": it meets the conditions and standards of the law."}),
    REFUSAL: DocumentText({"zh": "不予行政许可决定书", "en": "Decision: refused"}, {
        "zh": _APPLIED + "，经审查，本机关决定不予许可。理由：{reason}\n\n{remedies}",
        "en": "We refuse " + _APPLIED_EN + ". Reason: {reason}\n\n{remedies}"}),
    DELIVERY: DocumentText({"zh": "送达回证", "en": "Record of delivery"}, {
        "zh": _APPLIED + "，办理结果已于 {ended_on} 送达。",
        "en": "The result of " + _APPLIED_EN + " was delivered on {ended_on}."}),
}
"""Texts of the platform, in the order in which a case may come to them; a definition may have its own."""
KINDS: Sequence[str] = tuple(TEXTS)
PLACEHOLDERS: Sequence[str] = (
    "matter", "department", "case_id", "received_on", "accepted_on", "ended_on", "due_on", "items", "answer_by",
    "reason", "remedies", "amount", "currency", "pay_code")


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """mark: with which the numbers of the department's documents begin, such as 示公交许.

    texts: of each kind that is issued; the others are not.
    """

    mark: str
    texts: Mapping[str, DocumentText]

    @classmethod
    def of(cls, data: Mapping[str, Any] | None) -> DocumentRules | None:
        """data: a definition's `documents`; None: no document is issued."""
        if data is None:
            return None
        own = data.get("texts", {})
        return cls(data["mark"], {
            kind: DocumentText(own[kind]["title"], own[kind]["text"]) if kind in own else TEXTS[kind]
            for kind in data.get("kinds", KINDS)})


def document_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Find texts of kinds that are not issued, and placeholders that nothing fills in."""
    declared = data.get("documents", {})
    kinds = declared.get("kinds", KINDS)
    for kind, own in declared.get("texts", {}).items():
        if kind not in kinds:
            yield Problem(("documents", "texts", kind), Bilingual(
                f"text is of document {kind!r}, which is not among the kinds",
                f"文书“{kind}”有文本，但不在 kinds 之列"), _listed(kinds))
        for language, text in own["text"].items():
            yield from _unknown(("documents", "texts", kind, "text", language), text)


def _unknown(path: Path, text: str) -> Iterator[Problem]:
    try:
        names = [
            name + (f"!{change}" if change else "") + (f":{form}" if form else "")
            for _, name, form, change in Formatter().parse(text) if name is not None]
    except ValueError:
        yield Problem(path, Bilingual(
            "text has a single brace", "文本中有单独的花括号"), Bilingual("{name} or {{", "{名称} 或 {{"))
        return
    for name in names:
        if name not in PLACEHOLDERS:
            yield Problem(path, Bilingual(
                f"text has unknown placeholder {{{name}}}", f"文本中的占位符 {{{name}}} 不存在"), _listed(PLACEHOLDERS))


def _listed(names: Sequence[str]) -> Bilingual:
    return Bilingual(", ".join(names), listed_zh(names))
