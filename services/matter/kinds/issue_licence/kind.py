"""The record of kind `issue_licence`."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.kind_rules import Fact, KindRules
from services.matter.kinds.issue_licence.checks import check, references, results
from services.matter.kinds.issue_licence.ports import IssueComponents
from services.matter.kinds.issue_licence.run import run_cancel_licence, run_issue
from services.matter.kinds.issue_licence.settings import SETTINGS
from services.matter.kinds.licence_types import TYPE_UNKNOWN


def _valid_until(result: Mapping[str, Any]) -> Mapping[str, str]:
    until = result.get("valid_until")
    return {"zh": until or "长期", "en": until or "no expiry"}


KIND = Kind[IssueComponents](
    rules=KindRules(
        name="issue_licence",
        settings=SETTINGS,
        compensation="cancel_licence",
        leaves_effect=True,
        ends_withdrawal=True,
        facts=(Fact("valid_until", {"zh": "", "en": ""}, _valid_until),),
        outcome=("licence_id", "identifier", "valid_from", "valid_until"),
        setup_errors=frozenset({TYPE_UNKNOWN}),
        check=check,
        results=results,
    ),
    run=run_issue,
    compensate=run_cancel_licence,
    references=references,
)
