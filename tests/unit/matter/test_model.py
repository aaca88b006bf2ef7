"""Whatever fails, dies, comes twice or out of order: a case is completed once, or everything done is undone."""
from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case, Task
from services.matter.cases.usecases.kind import Told
from services.matter.kinds.pay.events import take_orders_changed, take_orders_paid
from services.matter.publishing.adapters.shipped import shipped_definitions
from shared_components.kernel.errors import AppError, Conflict, OutcomeUnknown, Unavailable
from tests.unit.matter.bench import TENANT, Bench
from tests.unit.matter.memory import MemoryTransactions

FAULTS = ("unavailable", "lost request", "lost reply", "crash before", "crash after", "bug", "crash before commit",
          "crash after commit")
ONCE = ("payment.create_order", "elicence.issue", "payment.refund_order", "elicence.cancel", "couriers.dispatch")
MOST_ROUNDS = 60


class Crash(BaseException):
    """The process dies: nothing after this point is run, and nobody is told."""


class Faults:
    """Faults to come, one a call or commit; none when the list is empty."""

    def __init__(self) -> None:
        self.planned: list[str] = []

    def before(self, method: str, op_id: str | None) -> None:
        fault = self._take("unavailable", "lost request", "crash before", "bug")
        if fault == "unavailable":
            raise Unavailable("not now")
        if fault == "lost request":
            raise OutcomeUnknown("no reply")
        if fault == "bug":
            raise RuntimeError("a bug")
        if fault is not None:
            raise Crash

    def after(self, method: str, op_id: str | None) -> None:
        fault = self._take("lost reply", "crash after")
        if fault == "lost reply":
            raise OutcomeUnknown("no reply")
        if fault is not None:
            raise Crash

    def commit(self, when: str) -> None:
        if self._take(when) is not None:
            raise Crash

    def _take(self, *kinds: str) -> str | None:
        return self.planned.pop(0) if self.planned and self.planned[0] in kinds else None


class CaseMachine(RuleBasedStateMachine):
    @initialize(delivery_is_needed=st.booleans(), delivery=st.sampled_from(["post", "electronic"]))
    def begin(self, delivery_is_needed: bool, delivery: str) -> None:
        definition: dict[str, Any] = copy.deepcopy(dict(shipped_definitions()[0]))
        definition["steps"][-1]["optional"] = not delivery_is_needed
        self.bench = Bench(definition=definition, stuck_after_attempts=6)
        self.faults = Faults()
        self.bench.world.before, self.bench.world.after = self.faults.before, self.faults.after
        self.paid: list[dict[str, Any]] = []
        self.callbacks = 0
        self.case_id = self.bench.submit(delivery=delivery)
        transactions = self.bench.transactions
        assert isinstance(transactions, MemoryTransactions)
        transactions.crash = self.faults.commit

    @property
    def case(self) -> Case:
        transactions = self.bench.transactions
        assert isinstance(transactions, MemoryTransactions)
        return transactions.committed.cases[self.case_id]

    # the world

    @rule(fault=st.sampled_from(FAULTS), times=st.integers(1, 4))
    def something_will_fail(self, fault: str, times: int) -> None:
        self.faults.planned += [fault] * times

    @rule(back=st.lists(st.integers(0, 8), min_size=1, max_size=4))
    def events_are_delivered(self, back: list[int]) -> None:
        """In any order, as often as they like, alone or as a group; the newest are the likeliest."""
        due = [event for event in self.bench.transactions.outbox if event[0] == "step-due"]
        if due:
            self._survive(lambda: self.bench.handle(*[due[max(len(due) - 1 - one, 0)] for one in back]))

    @rule(seconds=st.sampled_from([0, 1, 5, 100, 400]))
    def time_passes_and_the_sweep_runs(self, seconds: int) -> None:
        self._survive(lambda: self.bench.sweep_only(seconds=seconds))

    @rule(passed=st.sampled_from([True, True, False]))
    def the_hospital_calls_back(self, passed: bool) -> None:
        self.callbacks += 1
        self._survive(lambda: self.bench.call_back(self.case_id, callback_id=f"m{self.callbacks}", passed=passed))

    @rule()
    def the_applicant_pays(self) -> None:
        for order in list(self.bench.world.orders):
            event = self.bench.pay_order(order)
            self.paid += [event] if event else []

    @precondition(lambda self: self.paid)
    @rule()
    def payment_tells(self) -> None:
        self._survive(lambda: self._tell(self.paid[-1]))

    @rule()
    def the_order_expires(self) -> None:
        for order in self.bench.world.orders.values():
            if order["state"] in ("created", "pending"):
                order["state"] = "expired"
                self._survive(lambda order=order: self._wake(order["reference"]))  # type: ignore[misc]

    @rule()
    def the_applicant_withdraws(self) -> None:
        self._survive(lambda: self.bench.withdraw_only(self.case_id))

    @rule(method=st.sampled_from(["elicence.issue", "couriers.dispatch", "payment.create_order"]))
    def a_component_begins_to_refuse(self, method: str) -> None:
        self.bench.world.refuse[method] = Conflict("no")

    # what must hold

    @invariant()
    def no_effect_is_doubled(self) -> None:
        assert all(count == 1 for count in self.bench.world.effects.values())
        done = Counter(self.bench.world.log)
        assert all(done[method] <= 1 for method in ONCE), done
        told = Counter((message["template_code"], message["channel"]) for message in self.bench.world.messages)
        assert all(count == 1 for count in told.values()), told

    @invariant()
    def a_retry_asks_the_same(self) -> None:
        errors = [task.error for task in self.case.tasks if task.error]
        assert not any(error.get("code") == "bus.operation-reused" for error in errors)

    def teardown(self) -> None:
        if not hasattr(self, "case_id"):
            return
        self._heal()
        case = self.case
        for _ in range(MOST_ROUNDS):
            if case.is_final and not any(task.is_open for task in case.tasks):
                break
            self._go_on(case)
            case = self.case
        self.no_effect_is_doubled()
        self._check_end(case)

    def _heal(self) -> None:
        self.faults.planned.clear()

    def _go_on(self, case: Case) -> None:
        """Let hospital and payer answer, and staff retry stuck steps."""
        for task in case.tasks:
            if task.state == states.STUCK:
                self._retry(task)
        if case.step("medical").state == states.WAITING:
            self.the_hospital_calls_back(True)
        self.the_applicant_pays()
        for event in self.paid:
            self._tell(event)
        self.bench.sweep(seconds=901)

    def _check_end(self, case: Case) -> None:
        open_tasks = [(task.name, task.state, task.error) for task in case.tasks if task.is_open]
        assert case.is_final and not open_tasks, (case.state, open_tasks)
        assert case.applicant is None
        orders = [order["state"] for order in self.bench.world.orders.values()]
        new = [one["state"] for one in self.bench.world.licences.values() if one["licence_id"] != "lic_1"]
        undone = sorted(case.by_role("compensation"), key=lambda task: task.position)
        if case.state == states.COMPLETED:
            assert (orders, new, undone) == (["paid"], ["issued"], [])
            return
        assert set(orders) <= {"closed", "expired", "refunded"}
        assert set(new) <= {"cancelled"}
        assert [task.settings["of"] for task in undone] == self._completed_in_reverse(case)
        assert all(task.state == states.COMPLETED for task in undone)
        finished = [task.finished_order for task in undone]
        assert finished == sorted(finished)

    def _completed_in_reverse(self, case: Case) -> list[str]:
        steps = [task for task in case.by_role("step") if task.state == states.COMPLETED]
        steps.sort(key=lambda task: task.finished_order, reverse=True)
        return [task.name for task in steps if task.kind in ("pay", "issue_licence")]

    def _survive(self, work: Callable[[], Any]) -> None:
        """A refusal and a death end what is done, and nothing else."""
        try:
            work()
        except (AppError, Crash):
            return

    def _tell(self, event: dict[str, Any]) -> None:
        with self.bench.transactions.begin(TENANT) as tx:
            take_orders_paid(tx, [Told(TENANT, event)])

    def _wake(self, reference: str) -> None:
        with self.bench.transactions.begin(TENANT) as tx:
            take_orders_changed(tx, [Told(TENANT, {"reference": reference})])

    def _retry(self, task: Task) -> None:
        self.bench.retry(self.case_id, task.name)


TestCase = CaseMachine.TestCase
TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
