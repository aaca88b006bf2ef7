"""Each case of a group goes on in its own trace: its calls, and the events that follow."""
from __future__ import annotations

from services.matter.cases.adapters.asking import ask_side_by_side
from services.matter.cases.usecases.engine import DueTask, Engine, run_tasks
from shared_components.observability.tracing import current_traceparent
from tests.unit.matter.bench import APPLICANT, Bench
from tests.unit.matter.memory import MemoryTransactions


def test_calls_and_following_events_carry_the_trace_of_their_case() -> None:
    bench = Bench()
    bench.transactions.room = 0
    transactions, asked = bench.transactions, list[str | None]()
    assert isinstance(transactions, MemoryTransactions)
    bench.world.before = lambda method, op_id: asked.append(current_traceparent.get())
    ids = [bench.submit(applicant) for applicant in (APPLICANT, bench.another_applicant())]
    due = [
        DueTask(data["step_id"], data["case_id"], tenant, f"trace of {data['case_id']}")
        for type, tenant, data in transactions.outbox if type == "step-due"]
    before = len(transactions.outbox)
    run_tasks(Engine(transactions, transactions.engine, bench.kinds, bench.world.components, ask_side_by_side), due)
    assert set(asked) == {f"trace of {case_id}" for case_id in ids}
    tables = transactions.committed
    followed = list(zip(tables.outbox, tables.traces, strict=True))[before:]
    assert followed
    assert all(trace == f"trace of {data['case_id']}" for (_, _, data), trace in followed)
