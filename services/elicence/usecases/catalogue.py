"""The catalogue of licence types."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.elicence.domain.licence_type import FieldRule, define_type
from services.elicence.domain.ports import ELicenceTransaction
from services.elicence.usecases.views import type_view
from shared_components.kernel.names import clean_name
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

TYPES = PagedList[str]("elicence.list_types", str)


def put_type(tx: ELicenceTransaction, call: Call) -> dict[str, Any]:
    """Add a type, or a new version of one. Licences keep the version that they were issued by."""
    data = call.data
    kind = define_type(
        call.context.tenant, data["type_code"], clean_name(data["name"]), data["issuer_code"],
        clean_name(data["issuer_name"], field="issuer_name"),
        validity_years=data["validity_years"],
        fields=[FieldRule(**rule) for rule in data["fields"]],
        lenient_codes=tx.policy.lenient_credit_codes,
    )
    return type_view(tx.types.put(kind, tx.clock.now()))


def list_types(tx: ELicenceTransaction, call: Call) -> dict[str, Any]:
    tenant, only = call.context.tenant, call.data.get("type_code")
    page = TYPES.asked(call.data, tenant)
    if only is not None:
        found = list(tx.types.current({(tenant, only)}).values()) if page.after is None else []
    else:
        found = tx.types.page(tenant, after=page.after, limit=page.fetch)
    return page.reply(found, view=type_view, key=lambda kind: kind.type_code)
