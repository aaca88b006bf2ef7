"""Elicence without a bus: its use cases, schemas and one of its transactions, with a clock that stands still."""
from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.elicence import schemas, usecases
from services.elicence.domain import states
from services.elicence.domain.policy import Policy
from services.elicence.service import ELicenceService
from services.elicence.transaction import SqlELicenceTransaction
from shared_components.bus import EventRecorder
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.contracts import Message, service_contract
from shared_components.db import ALL_TENANTS, Database, migrate
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import complete_resident_id
from shared_components.security import Secrets
from tests.acting import citizen
from tests.outcomes import one
from tests.unit.elicence.memory import MemoryTransaction, Store, rolled_back_on_error

Transaction = MemoryTransaction | SqlELicenceTransaction
TENANT = "hangzhou"
OTHER_TENANT = "ningbo"
TYPE_CODE = "11330000000000107P001"
ISSUER = "1133010600000030X3"
POLICY = Policy()
RULES = {method.request: method.rule for method in service_contract(ELicenceService).methods.values()}
TARGETS = {"suspend": states.SUSPENDED, "resume": states.ISSUED, "revoke": states.REVOKED,
           "cancel": states.CANCELLED, "withdraw": states.WITHDRAWN, "transfer_out": states.TRANSFERRED}


def person(number: int) -> dict[str, str]:
    """A synthetic holder."""
    return {"holder_subject": f"sub_{number}", "holder_name": f"张测试{number}",
            "holder_id_number": complete_resident_id(f"33010619900307{number:03d}")}


class World:
    """The world of a test: `call` a method as the bus would, look at `events`, move the `clock`."""

    def __init__(self, begin: Callable[[World], AbstractContextManager[Transaction]]) -> None:
        self.clock = FixedClock(datetime(2026, 3, 1, 4, tzinfo=UTC))
        self.events: list[Mapping[str, Any]] = []
        self._begin = begin

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with self._begin(self) as tx:
            yield tx

    def recorder(self) -> EventRecorder:
        return EventRecorder(service_contract(ELicenceService), self.clock)

    def issue(self, *requests: dict[str, Any], tenant: str = TENANT) -> list[Any]:
        calls = [request(schemas.Issue, one, tenant=tenant) for one in requests]
        with self.begin() as tx:
            return [_dumped(schemas.Licence, one) for one in usecases.issue_licences(tx, calls)]

    def issued(self, number: int = 1, **changes: Any) -> dict[str, Any]:
        """One licence, issued or an AssertionError."""
        (reply,) = self.issue(licence_request(number, **changes))
        assert not isinstance(reply, AppError), reply.message
        return dict(reply)

    def verify(self, *requests: dict[str, Any], caller: str = "app-hotel", tenant: str = TENANT) -> list[Any]:
        calls = [request(schemas.Verify, one, tenant=tenant, caller=caller) for one in requests]
        with self.begin() as tx:
            return [_dumped(schemas.Verdict, one) for one in usecases.verify_licences(tx, calls)]

    def change(self, what: str, licence_id: str, reason: str = "测试", tenant: str = TENANT) -> Any:
        call = request(schemas.ChangeState, {"licence_id": licence_id, "reason": reason}, tenant=tenant)
        with self.begin() as tx:
            return only(schemas.Licence, usecases.change_states(tx, [call], target=TARGETS[what]))

    def present(self, licence_id: str, holder: str = "sub_1", *, subject: str | None = None, **more: Any) -> Any:
        data = {"licence_id": licence_id, "holder_subject": holder, "purpose": "酒店入住", **more}
        call = request(schemas.Present, data, subject=subject)
        with self.begin() as tx:
            return only(schemas.Presented, usecases.present_licences(tx, [call]))

    def get(self, *, tenant: str = TENANT, subject: str | None = None, **data: Any) -> Any:
        call = request(schemas.Get, data, tenant=tenant, subject=subject)
        with self.begin() as tx:
            return only(schemas.Licence, usecases.get_licences(tx, [call]))

    def held(self, holder: str = "sub_1", *, tenant: str = TENANT, subject: str | None = None, **data: Any) -> Any:
        return self.held_page(holder, tenant=tenant, subject=subject, **data)["items"]

    def held_page(
        self, holder: str = "sub_1", *, tenant: str = TENANT, subject: str | None = None, **data: Any
    ) -> Any:
        call = request(schemas.ListByHolder, {"holder_subject": holder, **data}, tenant=tenant, subject=subject)
        with self.begin() as tx:
            return only(schemas.Licences, usecases.list_by_holder(tx, [call]))

    def put_type(self, *, tenant: str = TENANT, **changes: Any) -> Any:
        call = request(schemas.PutType, {**DRIVING_LICENCE, **changes}, tenant=tenant)
        with self.begin() as tx:
            return _dumped(schemas.LicenceType, usecases.put_type(tx, *call))


DRIVING_LICENCE: dict[str, Any] = {
    "type_code": TYPE_CODE,
    "name": "机动车驾驶证",
    "issuer_code": ISSUER,
    "issuer_name": "杭州市公安局交通警察支队",
    "validity_years": [6, 10, None],
    "fields": [
        {"name": "vehicle_class", "title": "准驾车型", "data_class": "public", "required": True},
        {"name": "address", "title": "住址", "data_class": "personal"},
    ],
}


def licence_request(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"type_code": TYPE_CODE, **person(number), "valid_from": "2026-03-01",
            "content": {"vehicle_class": "C1", "address": "文三路1号"}, **changes}


def request(
    schema: type[Message], data: dict[str, Any], *, tenant: str = TENANT, caller: str = "matter",
    subject: str | None = None,
) -> Call:
    context = CallContext(caller, tenant, op_id="op", rule=RULES[schema])
    if subject is not None:  # a person acts through an app of the department
        context = context._replace(caller="app-demo", department=tenant, acting=citizen(subject))
    return Call(schema().load(data), context)


def only(schema: type[Message], replies: Sequence[Any]) -> Any:
    """The reply of a group of one call. Raises its error."""
    return schema().dump(one(replies))


def _dumped(schema: type[Message], reply: Any) -> Any:
    return reply if isinstance(reply, AppError) else schema().dump(reply)


def memory_world() -> World:
    store = Store()

    @contextmanager
    def begin(world: World) -> Iterator[Transaction]:
        recorder = world.recorder()
        with rolled_back_on_error(store):
            yield MemoryTransaction(store, world.clock, recorder, POLICY)
        world.events += recorder.rows

    return World(begin)


@functools.cache
def _migrated() -> Path:
    """A database with the tables and nothing in them, made once."""
    folder = Path(tempfile.mkdtemp(prefix="zhongtai-elicence-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite:///{folder}/zhongtai.db", "elicence")
    return folder / "zhongtai-elicence.db"


def database_world(url: str, folder: Path) -> World:
    """url: of a new file `zhongtai.db` in the folder, or of a database to be migrated."""
    if url == f"sqlite:///{folder / 'zhongtai.db'}" and not (folder / _migrated().name).exists():
        shutil.copy(_migrated(), folder)
    else:
        migrate(url, "elicence")
    database, secrets = Database(url, "elicence"), Secrets.for_development(folder)

    @contextmanager
    def begin(world: World) -> Iterator[Transaction]:
        recorder = world.recorder()
        with database.transaction(ALL_TENANTS) as session:
            scope = TransactionScope(session, recorder, world.clock, {}, secrets)
            yield SqlELicenceTransaction(scope, POLICY)
        world.events += recorder.rows

    return World(begin)
