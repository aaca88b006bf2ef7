"""Replace the form of a draft."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from services.matter.cases.domain.ports import HasLockedCases
from services.matter.cases.usecases.drafts import require_draft
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.ports import HasDefinitionVersions
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SaveFormTx(HasClock, HasDefinitionVersions, HasLockedCases, Protocol):
    """The part of a transaction that saving a form uses."""


@dataclass(frozen=True, slots=True)
class SaveForm:
    case_id: str
    form: Mapping[str, Any] = field(repr=False)


def save_form(tx: SaveFormTx, command: SaveForm, context: CallContext) -> CaseSummaryView:
    """Replace the draft's form; it may still be incomplete.

    Raises CaseNotFound, CaseNotEditable, FormInvalid, DefinitionOutdated.
    """
    case = tx.cases.lock(context, command.case_id)
    require_draft(case)
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    case.form = check_form(definition.form, command.form, complete=False)
    tx.cases.save(case)
    return case_summary(case, locale=locale_of(context), now=tx.clock.now())
