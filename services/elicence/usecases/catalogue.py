"""The catalogue of licence types."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.licence_type import FieldRule, define_type
from services.elicence.domain.ports import HasPolicy, HasTypes, TypePage
from services.elicence.usecases.views import LicenceTypeView, type_view
from shared_components.kernel.errors import AppError
from shared_components.kernel.names import clean_name
from shared_components.kernel.outcomes import attempt, for_good
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

TYPES = PagedList[str]("elicence.list_types", str)


class PutTypeTx(HasClock, HasPolicy, HasTypes, Protocol):
    """The part of a transaction that adding a type uses."""


@dataclass(frozen=True, slots=True)
class PutType:
    type_code: str
    name: str
    issuer_code: str
    issuer_name: str
    validity_years: Sequence[int | None]
    fields: Sequence[FieldRule]


@dataclass(frozen=True, slots=True)
class ListTypes:
    type_code: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def put_type(tx: PutTypeTx, command: PutType, context: CallContext) -> LicenceTypeView:
    """Add a type, or a new version of one. Licences keep the version that they were issued by."""
    kind = define_type(
        context.tenant, command.type_code, clean_name(command.name), command.issuer_code,
        clean_name(command.issuer_name, field="issuer_name"),
        validity_years=command.validity_years,
        fields=command.fields,
        lenient_codes=tx.policy.lenient_credit_codes,
    )
    return type_view(tx.types.put(kind, tx.clock.now()))


def list_types(tx: HasTypes, calls: Sequence[Call[ListTypes]]) -> list[PageView[LicenceTypeView] | AppError]:
    """For each call a page of current types, or PageCursorInvalid."""
    pages = [attempt(TYPES.asked, call.data, call.context.tenant) for call in calls]
    found = iter(tx.types.pages([
        (call.context, TypePage(page.fetch, page.after, call.data.type_code))
        for call, page in zip(calls, pages, strict=True) if not isinstance(page, AppError)
    ]))
    return for_good(pages, lambda page: page.view(next(found), view=type_view, key=lambda kind: kind.type_code))
