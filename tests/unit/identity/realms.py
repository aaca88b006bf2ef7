"""A realm `city` whose departments have the tenants `default` and `demo`, and its sandbox."""
from __future__ import annotations

from typing import Any

from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.departments import AddDepartment, add_department
from services.identity.subjects import schemas, usecases
from services.identity.subjects.usecases.views import SubjectView
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import Call, CallContext
from tests.unit.identity.test_subjects import PERSON
from tests.unit.identity.worlds import SqlTransactions, subject_of

REALM, FIRST, SECOND = "city", "default", "demo"


def create_city(transactions: SqlTransactions) -> None:
    with transactions.begin("*") as tx:
        create_realm(tx, CreateRealm(REALM, "示范市", "数据局", FIRST), CallContext("operator", REALM, op_id="op-1"))
        add_department(tx, AddDepartment("公安局", tenant=SECOND), CallContext("operator", REALM, op_id="op-1"))
    transactions.events.clear()


def context(tenant: str = FIRST, caller: str = "app-hall", **more: Any) -> CallContext:
    return CallContext(caller, tenant, op_id="op-1", **more)


def session_of(subject_id: str, **more: Any) -> Acting:
    return Acting(subject_id, "ses_1", level=2, scopes=frozenset({"subject"}), **more)


def register(transactions: SqlTransactions, called: CallContext, **data: Any) -> SubjectView:
    with transactions.begin(called.tenant) as tx:
        return usecases.register_person(tx, schemas.RegisterPerson().load({**PERSON, **data}), called)


def read(transactions: SqlTransactions, called: CallContext, subject_id: str) -> SubjectView:
    with transactions.begin(called.tenant) as tx:
        return subject_of(tx, Call(usecases.GetSubject(subject_id), called))
