"""Two departments, two citizens and three apps with a case each, all kinds of callers, and a slow model."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.matter.cases.domain.case import Case
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.read_cases import get_cases
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.kernel.calls import Call, CallContext
from shared_components.runtime.discovery import contract_of
from tests.acting import citizen, officer
from tests.cases.definitions import a_definition, callback_step
from tests.elsewhere import contexts_elsewhere, is_let_in
from tests.unit.admitted import is_admitted
from tests.unit.matter.bench import whole_case
from tests.unit.matter.memory import MemoryTransactions
from tests.unit.matter.sql import SqlTransactions

AnyTransactions = MemoryTransactions | SqlTransactions
MATTER = "small-matter"
DEPARTMENTS, CITIZENS, APPS = ("police", "tax"), ("sub_1", "sub_2"), ("app-a", "app-b")
RULES = {name: method.rule for name, method in contract_of("matter").methods.items()}
FORM = {"text": "deed"}
Key = tuple[str, str, str]
"""department, app, applicant"""


def definition(most: int = 1) -> dict[str, Any]:
    form = {"type": "object", "properties": {"text": {"type": "string"}}}
    return a_definition(form=form, steps=[callback_step("medical")], open_cases={"most": most})


def calls(method: str) -> list[CallContext]:
    """Every kind of caller of both departments to whom the method is open, as the bus admits them."""
    made = []
    for department in DEPARTMENTS:
        base = CallContext("operator", department, rule=RULES[method])
        made.append(base)
        for app in (*APPS, "gateway"):
            alone = base._replace(caller=app, department=department)
            made += [alone, *(alone._replace(acting=citizen(subject)) for subject in CITIZENS)]
            made += [alone._replace(acting=officer("sub_9", department, role)) for role in ("handler", "clerk")]
            made.append(alone._replace(acting=citizen("sub_1", scopes=frozenset({"case:other-matter"}))))
    made += contexts_elsewhere(RULES[method])
    return [context for context in made if context.rule and is_admitted(context, context.rule)]


def model(context: CallContext, key: Key, method: str) -> bool:
    """Whether the call may see a case, said slowly."""
    department, app, applicant = key
    acting, rule = context.acting, RULES[method]
    assert rule is not None
    if acting is not None and acting.kind == "citizen" and "holder" in rule.basis:
        here = department == context.tenant or is_let_in(context)
        return here and acting.subject == applicant and "case" in acting.scopes
    if department != context.tenant:
        return False
    if acting is None and context.caller == "operator":
        return True
    mine = app in (context.caller, "gateway")
    if acting is None:
        return "own" in rule.basis and mine
    if acting.kind == "citizen":
        return "own" in rule.basis and mine and acting.subject == applicant and "case" in acting.scopes
    return bool(acting.roles & rule.roles)


@dataclass
class Town:
    """A case for each department, app and citizen."""

    transactions: AnyTransactions
    cases: dict[Key, str] = field(default_factory=dict)

    def read(self, contexts: list[CallContext], case_id: str) -> list[Any]:
        with self.transactions.begin() as tx:
            return list(get_cases(tx, [Call(OneCase(case_id), context) for context in contexts]))

    def state(self) -> dict[Key, Case]:
        with self.transactions.begin() as tx:
            return {key: whole_case(tx, key[0], case_id) for key, case_id in self.cases.items()}


def settle(transactions: AnyTransactions) -> Town:
    found = Town(transactions)
    for department in DEPARTMENTS:
        with transactions.begin(department) as tx:
            publish_definition(tx, tenant=department, data=definition(most=9))
            for app in (*APPS, "gateway"):
                for applicant in CITIZENS:
                    context = CallContext(app, department, department=department, rule=RULES["start_case"])
                    found.cases[department, app, applicant] = start_case(
                        tx, StartCase(MATTER, applicant, FORM), context).case_id
    return found
