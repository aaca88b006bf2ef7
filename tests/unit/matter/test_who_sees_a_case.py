"""Two departments, two citizens, three apps in one shared group: a permit by the method's rule opens a case."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.read_cases import ListCases, get_cases, list_cases
from services.matter.cases.usecases.retry_step import RetryStep, retry_step
from services.matter.cases.usecases.save_form import SaveForm, save_form
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.cases.usecases.views import CaseView
from services.matter.cases.usecases.withdraw_case import withdraw_case
from services.matter.kinds.pay.choose_channel import ChooseChannel, choose_channel
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError, NotFound
from shared_components.kernel.paging import PageView
from shared_components.security.authority import NO_COPIES, KnownCopies
from shared_components.security.authority import sealed as sealed_rows
from shared_components.security.authority.copies import keep_copies
from shared_components.security.authority.permits import Permit
from tests.acting import citizen, officer
from tests.elsewhere import known_copies
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_statements import counted
from tests.unit.matter.town import FORM, MATTER, RULES, AnyTransactions, Town, calls, definition, model, settle


@pytest.fixture(autouse=True)
def copies() -> Iterator[None]:
    with known_copies():
        yield


def ask_nobody(tenant: str, subject: str | None) -> Any:
    raise AssertionError("payment is asked")


@pytest.fixture
def town(transactions: AnyTransactions) -> Town:
    return settle(transactions)


def outcome(do: Callable[..., object], *given: object) -> str:
    """Give what a caller sees of a refusal: category, code and words."""
    try:
        do(*given)
    except AppError as error:
        return f"{error.category}/{error.code}/{error.message}"
    return "done"


def test_each_call_of_a_shared_group_gets_its_own_cases_and_no_other(town: Town) -> None:
    contexts = calls("get_case")
    for key, case_id in town.cases.items():
        for context, seen in zip(contexts, town.read(contexts, case_id), strict=True):
            if model(context, key, "get_case"):
                assert getattr(seen, "case_id", None) == case_id, (context, key)
            else:
                assert isinstance(seen, AppError), (context, key)


def test_lists_of_a_shared_group_hold_what_the_slow_model_says(town: Town) -> None:
    contexts = calls("list_cases")
    with town.transactions.begin() as tx:
        pages = list_cases(tx, [Call(ListCases(limit=100), context) for context in contexts])
    for context, page in zip(contexts, pages, strict=True):
        assert isinstance(page, PageView)
        seen = {case.case_id for case in page.items}
        assert seen == {case_id for key, case_id in town.cases.items() if model(context, key, "list_cases")}, context


@pytest.mark.parametrize("limit", [1, 2])
def test_pages_are_full_until_the_last_though_others_cases_lie_between(town: Town, limit: int) -> None:
    context = CallContext("app-a", "police", department="police", rule=RULES["list_cases"], acting=citizen("sub_1"))
    seen, after = [], None
    for _ in range(9):
        with town.transactions.begin() as tx:
            (page,) = list_cases(tx, [Call(ListCases(limit=limit, after=after), context)])
        assert isinstance(page, PageView)
        seen += [case.case_id for case in page.items]
        after = page.next
        if after is None:
            break
    assert sorted(seen) == sorted(
        case_id for key, case_id in town.cases.items() if model(context, key, "list_cases"))


def test_an_officer_at_a_console_reads_cases_of_the_own_department_and_no_other(town: Town) -> None:
    context = CallContext(
        "app-console", "realm", department="realm", acting=officer("sub_9", "police", "handler"),
        rule=RULES["list_cases"])
    own = {case_id for key, case_id in town.cases.items() if key[0] == "police"}
    for consoles, expected in ((frozenset({"app-console"}), own), (frozenset[str](), set[str]())):
        keep_copies(KnownCopies(consoles=consoles))
        try:
            with town.transactions.begin() as tx:
                (page,) = list_cases(tx, [Call(ListCases(limit=100), context)])
                read = [get_cases(tx, [Call(OneCase(case_id), context)])[0] for case_id in town.cases.values()]
        finally:
            keep_copies(NO_COPIES)
        assert isinstance(page, PageView) and {case.case_id for case in page.items} == expected
        assert {case.case_id for case in read if isinstance(case, CaseView)} == expected


WRITES: dict[str, Callable[[Any, str, CallContext], object]] = {
    "save_form": lambda tx, case_id, context: save_form(tx, SaveForm(case_id, {"text": "other"}), context),
    "submit_case": lambda tx, case_id, context: submit_case(tx, SubmitCase(case_id), context),
    "withdraw_case": lambda tx, case_id, context: withdraw_case(tx, OneCase(case_id), context),
    "retry_step": lambda tx, case_id, context: retry_step(tx, RetryStep(case_id, "medical", "healed"), context),
}


@pytest.mark.parametrize("method", WRITES)
def test_a_write_reaches_what_the_model_says_and_hidden_looks_like_unknown(town: Town, method: str) -> None:
    before = town.state()
    for context in calls(method):
        for key, case_id in town.cases.items():
            if model(context, key, method):
                continue
            with town.transactions.begin() as tx:
                hidden = outcome(WRITES[method], tx, case_id, context)
                unknown = outcome(WRITES[method], tx, "case_unknown", context)
            assert hidden == unknown.replace("case_unknown", case_id) != "done", (context, key)
    assert town.state() == before
    mine = CallContext("app-a", "police", department="police", rule=RULES[method], acting=citizen("sub_1"))
    if method != "retry_step":
        with town.transactions.begin("police") as tx:
            WRITES[method](tx, town.cases["police", "app-a", "sub_1"], mine)
        assert town.state() != before


def test_choosing_a_channel_looks_the_same_for_a_hidden_case_and_an_unknown_one(town: Town) -> None:
    def choose(case_id: str, context: CallContext) -> str:
        return outcome(
            choose_channel, town.transactions, ask_nobody, ChooseChannel(case_id, "pay", "alipay"), context)

    for context in calls("choose_channel"):
        for key, case_id in town.cases.items():
            seen = choose(case_id, context)
            if model(context, key, "choose_channel"):
                assert "matter.step-not-found" in seen
            else:
                assert seen == choose("case_unknown", context).replace("case_unknown", case_id)


def test_nothing_is_decrypted_for_a_call_that_may_not_see_the_case(
    sql_transactions: SqlTransactions, monkeypatch: pytest.MonkeyPatch,
) -> None:
    transactions = sql_transactions
    with transactions.begin("police") as tx:
        publish_definition(tx, tenant="police", data=definition())
        alone = CallContext("app-a", "police", department="police", rule=RULES["start_case"])
        case_id = start_case(tx, StartCase(MATTER, "sub_1", FORM), alone).case_id
    stranger = CallContext("app-b", "police", department="police", rule=RULES["get_case"])
    with transactions.begin() as tx:
        # As after a lost key: whoever decrypts fails.
        monkeypatch.setattr(tx.cases._fields, "decrypt", lambda *_: 1 / 0)
        (seen,) = get_cases(tx, [Call(OneCase(case_id), stranger)])
        assert isinstance(seen, NotFound)
        with pytest.raises(CaseNotFound):
            save_form(tx, SaveForm(case_id, {}), stranger)
        with pytest.raises(ZeroDivisionError):
            get_cases(tx, [Call(OneCase(case_id), stranger._replace(caller="app-a"))])


def test_the_statements_of_a_group_do_not_grow_with_it(sql_transactions: SqlTransactions) -> None:
    context = CallContext("app-a", "police", rule=RULES["start_case"])
    with sql_transactions.begin("police") as tx:
        publish_definition(tx, tenant="police", data=definition())
        ids = [start_case(tx, StartCase(MATTER, f"sub_{n}"), context).case_id for n in range(9)]
    counts = set()
    for number in (1, 9):
        with counted(sql_transactions) as seen, sql_transactions.begin("police") as tx:
            get_cases(tx, [Call(OneCase(case_id), context) for case_id in ids[:number]])
        counts.add(seen.statements)
    assert len(counts) == 1


def test_without_permits_strangers_would_see_cases(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Show that the tests above hold something."""
    monkeypatch.setattr(sealed_rows, "permit", lambda context, rule, facts, copies: Permit("own", None, facts))
    contexts = calls("get_case")
    through = [
        (context, key) for key, case_id in town.cases.items()
        for context, seen in zip(contexts, town.read(contexts, case_id), strict=True)
        if not isinstance(seen, AppError) and not model(context, key, "get_case")]
    assert len(through) > len(contexts)
