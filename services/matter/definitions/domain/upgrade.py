"""Words of earlier releases in published definitions: a running case reads them as today's."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_VIOLATIONS: Mapping[str, Any] = {
    "asks": [{
        "as": "violations", "source": "traffic-violations", "with": {"id_number": "applicant.id_number"},
        "returns": {"unpaid": "integer"}}],
    "rules": [{
        "holds": "asked.violations.unpaid == 0", "code": "unpaid-violations",
        "reason": {
            "zh": "有{unpaid}起交通违法尚未处理", "en": "{unpaid} traffic violation(s) are not settled"},
        "values": {"unpaid": "asked.violations.unpaid"}}],
}


def upgraded_settings(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the settings of a step in the words of this release."""
    found = dict(settings)
    if found.pop("no_unpaid_violations", False):
        found |= _VIOLATIONS
    age = found.pop("yearly_from_age", None)
    if age is not None:
        found["notes"] = [_yearly(int(age))]
    return found


def _yearly(age: int) -> Mapping[str, Any]:
    return {
        "when": f"applicant.birth_date != null && years_between(applicant.birth_date, today) >= {age}",
        "values": {"yearly": "true", "next_due": "years_after(today, 1)"},
        "line": {
            "zh": f"申请人已满{age}周岁，须每年提交身体条件证明，下次截止 {{next_due}}",
            "en": f"From the age of {age} the certificate is due every year; next by {{next_due}}"},
    }
