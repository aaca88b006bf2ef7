"""A whole matter service in memory, driven by hand."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.matter.cases.domain.case import Case
from services.matter.cases.usecases import engine
from services.matter.cases.usecases.at_once import Claimed
from services.matter.cases.usecases.kind import Kinds, Told
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.retry_step import RetryStep, retry_step
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.cases.usecases.withdraw_case import withdraw_case
from services.matter.kinds.callback.receive import Answer, receive_callbacks
from services.matter.kinds.callback.signed import SignedCallback
from services.matter.kinds.pay.events import take_orders_paid
from services.matter.kinds.registry import KINDS
from services.matter.publishing.adapters.shipped import seed, shipped_definitions
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.bus import side_by_side
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.outcomes import only
from tests.unit.matter.fakes import FakePayments, World
from tests.unit.matter.memory import MemoryTransactions
from tests.unit.matter.sql import SqlTransactions

TENANT = "default"
CONTEXT = CallContext("app-demo", TENANT)
NOW = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
APPLICANT = "sub_1"
TYPE_CODE = "11330000000000107P001"
MATTER = "driving-licence-renewal"


def person(**changes: Any) -> dict[str, Any]:
    return {
        "subject_id": APPLICANT, "kind": "person", "name": "张三", "id_type": "111",
        "id_number": "330106199003070014", "email": "zhang@example.org", "mobile": None, "level": 3,
        "locale": "zh-CN", **changes,
    }


def licence(**changes: Any) -> dict[str, Any]:
    return {
        "licence_id": "lic_1", "identifier": "1.2.156.3005.2.demo", "type_code": TYPE_CODE, "version": 1,
        "state": "issued", "holder_subject": APPLICANT, "valid_from": "2019-07-01", "valid_until": "2025-07-01",
        "content": {"准驾车型": "C1"}, **changes,
    }


def whole_case(tx: Any, tenant: str, case_id: str) -> Case:
    """A case as a service of its department sees it."""
    (found,) = tx.cases.read([(CallContext("matter", tenant), case_id)])
    assert isinstance(found, Case), found
    return found


class Bench:
    """transactions: in memory unless given. world: the other components."""

    def __init__(
        self, transactions: MemoryTransactions | SqlTransactions | None = None, *, stuck_after_attempts: int = 12,
        definition: Mapping[str, Any] | None = None, kinds: Kinds[Any] = KINDS,
    ) -> None:
        self.kinds = kinds
        self.transactions = transactions or MemoryTransactions(
            FixedClock(NOW), stuck_after_attempts=stuck_after_attempts, rules=kinds.rules)
        self.clock = self.transactions.clock
        self.world = World()
        self.world.subjects[APPLICANT] = person()
        self.world.licences["lic_1"] = licence()
        self.handled = 0
        with self.transactions.begin(TENANT) as tx:
            publish_definition(tx, tenant=TENANT, data=definition or shipped_definitions()[0])

    @property
    def sql(self) -> SqlTransactions:
        """The transactions of a bench on a database."""
        assert isinstance(self.transactions, SqlTransactions)
        return self.transactions

    def form(self, **changes: Any) -> dict[str, Any]:
        return {**seed()["example"]["form"], **changes}

    def start(self, applicant: str = APPLICANT, **form: Any) -> str:
        with self.transactions.begin(TENANT) as tx:
            return start_case(tx, StartCase(MATTER, applicant, self.form(**form)), CONTEXT).case_id

    def another_applicant(self) -> str:
        """A person with a licence of their own; gives the subject."""
        number = len(self.world.subjects) + 1
        subject = f"sub_{number}"
        self.world.subjects[subject] = person(subject_id=subject)
        self.world.licences[f"lic_old_{number}"] = licence(
            licence_id=f"lic_old_{number}", identifier=f"1.2.156.3005.2.demo{number}", holder_subject=subject)
        return subject

    def submit(self, applicant: str = APPLICANT, **form: Any) -> str:
        case_id = self.start(applicant, **form)
        self.submit_draft(case_id)
        return case_id

    def submit_draft(self, case_id: str) -> None:
        with self.transactions.begin(TENANT) as tx:
            submit_case(tx, SubmitCase(case_id), CONTEXT)

    def run(self) -> None:
        """Do what was claimed and deliver `step-due` events until nothing more follows, one by one."""
        while self.transactions.claimed or self.handled < len(self.transactions.outbox):
            self.run_one()

    def run_in_groups(self) -> None:
        """Do and deliver them as a process does: all that wait as a group."""
        while self.transactions.claimed or self.handled < len(self.transactions.outbox):
            self.do(self.transactions.claimed)
            group = self.transactions.outbox[self.handled:]
            self.handled += len(group)
            self.handle(*group)

    @property
    def engine(self) -> engine.Engine:
        settings = self.transactions.engine
        return engine.Engine(self.transactions, settings, self.kinds, self.world.components, side_by_side)

    def do(self, claimed: list[Claimed]) -> None:
        """Do claimed tasks as the step runner does: ask for all of them, record what is done together."""
        some = list(claimed)
        claimed.clear()
        for done in engine.ask(self.engine, some):
            engine.record_together(self.transactions, done)

    def run_one(self) -> None:
        if self.transactions.claimed:
            self.do_one()
            return
        event = self.transactions.outbox[self.handled]
        self.handled += 1
        self.handle(event)

    def do_one(self) -> None:
        first = self.transactions.claimed.pop(0)
        self.do([first])

    def handle(self, *events: tuple[str, str, dict[str, Any]]) -> None:
        engine.run_tasks(self.engine, [
            engine.DueTask(data["step_id"], data["case_id"], tenant)
            for type, tenant, data in events if type == "step-due"])

    def sweep(self, **later: float) -> None:
        self.sweep_only(**later)
        self.run()

    def sweep_only(self, **later: float) -> None:
        self.clock.advance(timedelta(**later))
        engine.sweep(self.engine)

    def case(self, case_id: str) -> Case:
        with self.transactions.begin(TENANT) as tx:
            return whole_case(tx, TENANT, case_id)

    def state(self, case_id: str, step: str) -> str:
        return self.case(case_id).step(step).state

    def hospital(self, case_id: str, *, callback_id: str = "m-1", passed: bool = True, digest: str = "d") -> None:
        self.call_back(case_id, callback_id=callback_id, passed=passed, digest=digest)
        self.run()

    def call_back(self, case_id: str, *, callback_id: str, passed: bool = True, digest: str = "d") -> None:
        result = {"passed": passed, "certificate_number": "TJ1", "examined_on": "2025-06-01"}
        self.call_back_with(case_id, result, callback_id=callback_id, digest=digest)

    def call_back_with(
        self, case_id: str, result: Mapping[str, Any], *, callback_id: str = "m-1", digest: str = "d",
    ) -> None:
        content = {"callback_id": callback_id, "case_id": case_id, "step": "medical", "result": result}
        answer = Answer(TENANT, case_id, "medical", SignedCallback("k1", "hospital", content, digest))
        with self.transactions.begin(TENANT) as tx:
            only(receive_callbacks(tx, [answer]))

    def pay(self, case_id: str) -> None:
        event = self.pay_silently(case_id)
        assert event is not None
        self.tell_paid(event)

    def pay_silently(self, case_id: str) -> dict[str, Any] | None:
        order_id = self.case(case_id).step("pay").result["order_id"]
        return self.pay_order(order_id)

    def pay_order(self, order_id: str) -> dict[str, Any] | None:
        return FakePayments(self.world).pay(order_id)

    def tell_paid(self, event: dict[str, Any]) -> None:
        self.tell_only(event)
        self.run()

    def tell_only(self, event: dict[str, Any] | None) -> None:
        assert event is not None
        with self.transactions.begin(TENANT) as tx:
            take_orders_paid(tx, [Told(TENANT, event)])

    def withdraw(self, case_id: str) -> None:
        self.withdraw_only(case_id)
        self.run()

    def withdraw_only(self, case_id: str) -> None:
        with self.transactions.begin(TENANT) as tx:
            withdraw_case(tx, OneCase(case_id), CONTEXT)

    def retry(self, case_id: str, step: str) -> None:
        with self.transactions.begin(TENANT) as tx:
            retry_step(tx, RetryStep(case_id, step, "healed"), CallContext("operator", TENANT))

    def events(self) -> list[str]:
        return [type for type, _, _ in self.transactions.outbox if type != "step-due"]
