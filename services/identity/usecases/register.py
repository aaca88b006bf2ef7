"""Registering persons and organisations."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.domain.documents import CREDIT_CODE, ORGANISATION, PERSON, china_today
from services.identity.domain.errors import AlreadyRegistered, NameInvalid
from services.identity.domain.ports import IdentityTransaction
from services.identity.domain.subject import REGISTERED, Change, Subject
from services.identity.usecases import views
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


def register_person(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    """Raises NumberError, IdTypeUnknown, DocumentNumberInvalid, NameInvalid, AlreadyRegistered."""
    data = call.data
    number = tx.policy.documents.person_number(
        data["id_type"], data["id_number"], today=china_today(tx.clock.now()))
    return _register(tx, call, kind=PERSON, id_type=data["id_type"], id_number=number)


def register_organisation(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    """Raises NumberError, NameInvalid, AlreadyRegistered."""
    number = tx.policy.documents.organisation_number(call.data["credit_code"])
    return _register(tx, call, kind=ORGANISATION, id_type=CREDIT_CODE, id_number=number)


def _register(tx: IdentityTransaction, call: Call, *, kind: str, id_type: str, id_number: str) -> dict[str, Any]:
    tenant, now, data = call.context.tenant, tx.clock.now(), call.data
    subject = Subject(
        subject_id=new_id("sub"), tenant=tenant, kind=kind, name=clean_name(data["name"], error=NameInvalid),
        id_type=id_type, id_number=id_number, mobile=data.get("mobile"), email=data.get("email"),
        locale=data["locale"], created_at=now,
    )
    if tx.subjects.find(tenant, id_type, id_number) is not None:
        raise AlreadyRegistered(
            "this document is registered already; sign in to that account, or ask a counter for help")
    tx.subjects.add(subject, Change(REGISTERED, call.context.caller, now))
    level = subject.level(tx.policy.levels, now)
    tx.events.record(
        REGISTERED, aggregate=subject.subject_id, tenant=tenant, sequence=subject.revision,
        data={"subject_id": subject.subject_id, "kind": kind, "level": level, "locale": subject.locale,
              "registered_at": now},
    )
    return views.masked(subject, tx.policy.levels, now)
