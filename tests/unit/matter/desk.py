"""A desk for tests: a matter with an officer's step, and what officers do there."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.usecases.publish_matter import publish_definition
from services.matter.tasks.usecases.claim_task import OneTask, claim_task
from services.matter.tasks.usecases.complete_task import CompleteTask, complete_task
from services.matter.tasks.usecases.list_tasks import ListTasks, list_tasks
from shared_components.kernel.calls import CallContext
from tests.acting import officer
from tests.cases.definitions import a_definition, as_yaml, notify_step
from tests.unit.matter.bench import APPLICANT, CONTEXT, TENANT, Bench
from tests.unit.matter.town import RULES

FORM = {"type": "object", "properties": {"address": {"type": "string"}, "note": {"type": "string"}}}
DECISION_FORM = {"type": "object", "required": ["site_seen"], "properties": {"site_seen": {"type": "boolean"}}}


def review(**settings: Any) -> dict[str, Any]:
    return {
        "step": "review", "kind": "task", "title": {"zh": "审核", "en": "Review"},
        "with": {"role": "handler", **settings}}


def start_waiting(
    bench: Bench, *, limit: int | None = None, documents: Mapping[str, Any] | None = None, **settings: Any,
) -> str:
    """Start a case whose step `review` waits for officers; gives its id. limit: of the step, in working
    days. documents: as the definition declares them."""
    step = {**review(**settings), **({} if limit is None else {"limit_working_days": limit})}
    later = {**notify_step("tell", "told"), "after": ["review"]}
    more = {} if documents is None else {"documents": documents}
    data = read_definition(as_yaml(a_definition(form=FORM, steps=[step, later], **more)))
    with bench.transactions.begin(TENANT) as tx:
        publish_definition(tx, tenant=TENANT, data=data)
        form = {"address": "湖滨路1号", "note": "秘密"}
        case_id = start_case(tx, StartCase("small-matter", APPLICANT, form), CONTEXT).case_id
        submit_case(tx, SubmitCase(case_id), CONTEXT)
    bench.run()
    return case_id


def at_desk(method: str, name: str = "sub_o1", *roles: str, department: str = TENANT) -> CallContext:
    """A call of an officer's console of the department."""
    return CallContext(
        "app-console", department, op_id="op", department=department, rule=RULES[method],
        acting=officer(name, department, *(roles or ("handler",)), scopes=frozenset({"case"})))


def claim(bench: Bench, case_id: str, context: CallContext | None = None) -> None:
    with bench.transactions.begin(TENANT) as tx:
        claim_task(tx, OneTask(case_id, "review"), context or at_desk("claim_task"))


def decide(bench: Bench, case_id: str, context: CallContext | None = None, **given: Any) -> None:
    with bench.transactions.begin(TENANT) as tx:
        command = CompleteTask(case_id, "review", **{"decision": "approve", **given})
        complete_task(tx, command, context or at_desk("complete_task"))
    bench.run()


def inbox(bench: Bench, context: CallContext | None = None, **given: Any) -> list[tuple[str, bool, bool]]:
    with bench.transactions.begin(TENANT) as tx:
        page = list_tasks(tx, ListTasks(**given), context or at_desk("list_tasks"))
    return [(one.case_id, one.taken, one.mine) for one in page.items]
