"""Registering persons and organisations: one subject for each in a realm, whichever apps register it."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain import states
from services.identity.subjects.domain.documents import CREDIT_CODE, ORGANISATION, PERSON, china_today
from services.identity.subjects.domain.errors import AlreadyRegistered, NameInvalid
from services.identity.subjects.domain.ports import HasPolicy, HasPopulations, HasSubjects
from services.identity.subjects.domain.subject import REGISTERED, Change, Subject
from services.identity.subjects.usecases import views
from services.identity.subjects.usecases.events import emit_registered
from shared_components.kernel.apps import is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class RegisterTx(HasClock, HasEvents, HasPolicy, HasPopulations, HasSubjects, Protocol):
    """The transaction of registering."""


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    name: str = field(repr=False)
    id_type: str
    id_number: str = field(repr=False)
    locale: str
    mobile: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    name: str = field(repr=False)
    credit_code: str
    locale: str
    mobile: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


def register_person(tx: RegisterTx, command: RegisterPerson, context: CallContext) -> views.SubjectView:
    """Raises NumberError, IdTypeUnknown, DocumentNumberInvalid, NameInvalid, AlreadyRegistered."""
    number = tx.policy.documents.person_number(
        command.id_type, command.id_number, today=china_today(tx.clock.now()))
    return _register(tx, command, context, kind=PERSON, id_type=command.id_type, id_number=number)


def register_organisation(tx: RegisterTx, command: RegisterOrganisation, context: CallContext) -> views.SubjectView:
    """Raises NumberError, NameInvalid, AlreadyRegistered."""
    number = tx.policy.documents.organisation_number(command.credit_code)
    return _register(tx, command, context, kind=ORGANISATION, id_type=CREDIT_CODE, id_number=number)


def _register(
    tx: RegisterTx, command: RegisterPerson | RegisterOrganisation, context: CallContext, *, kind: str, id_type: str,
    id_number: str,
) -> views.SubjectView:
    tenant, now = context.tenant, tx.clock.now()
    name = clean_name(command.name, error=NameInvalid)
    found = tx.subjects.find(tenant, id_type, id_number)
    if found is not None:
        return _register_again(tx, found, name, context)
    subject = Subject(
        subject_id=new_id("sub"), tenant=tenant, kind=kind, name=name, id_type=id_type, id_number=id_number,
        mobile=command.mobile, email=command.email, locale=command.locale, created_at=now,
        population=tx.populations.of([tenant])[tenant],
        registered_by=context.caller if is_app(context.caller) else None,
    )
    tx.subjects.add(subject, Change(REGISTERED, context.caller, now))
    emit_registered(tx, subject, level=subject.level(tx.policy.levels, now))
    return views.masked(subject, tx.policy.levels, now, context.locale)


def _register_again(tx: RegisterTx, subject: Subject, name: str, context: CallContext) -> views.SubjectView:
    """Give another app the subject that is there, when name and number are the same.

    The refusal is the same for a name that differs, a state that is not active and an app that has it already:
    it tells nothing of the subject.
    """
    now, app = tx.clock.now(), context.caller
    if not is_app(app) or subject.name != name or subject.state != states.ACTIVE or tx.subjects.is_registered(
        subject, context.tenant, app,
    ):
        raise AlreadyRegistered(Bilingual(
            "this document is registered already; sign in to that account, or ask a counter for help",
            "该证件已注册；请登录原账号，或到窗口办理"))
    tx.subjects.add_registration(subject, context.tenant, app, now)
    return views.masked(subject, tx.policy.levels, now, context.locale)
