"""A signed callback belongs to the tenant of the case that it is about, whatever tenant the gateway's call names.

The input that failed: with the shipped configuration (`app_tenants: {app-demo: demo}`) a hospital's callback was looked
for in tenant `default`, so that no case with a callback step ever ended.
"""
from __future__ import annotations

import json
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.kinds.callback.receive import ReceiveCallback, take_callback
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.kernel.calls import CallContext
from shared_components.security.request_signing import signature
from tests.cases.definitions import a_definition, callback_step
from tests.cases.matter_transactions import NOW, AnyTransactions, transactions
from tests.unit.matter.bench import whole_case
from tests.unit.matter.memory import CALLBACK_KEYS

__all__ = ["transactions"]
ANSWER_ONLY = a_definition(steps=[callback_step("medical")])


def submitted(transactions: AnyTransactions, tenant: str) -> str:
    with transactions.begin(tenant) as tx:
        publish_definition(tx, tenant=tenant, data=ANSWER_ONLY)
        command = StartCase(ANSWER_ONLY["matter_code"], "sub_1", {})
        case_id = start_case(tx, command, CallContext("app-demo", tenant)).case_id
    with transactions.begin(tenant) as tx:
        submit_case(tx, SubmitCase(case_id), CallContext("app-demo", tenant))
    return case_id


def call_back(transactions: AnyTransactions, case_id: str, key_id: str = "hospital-1") -> str:
    body = json.dumps({"callback_id": "m-1", "case_id": case_id, "step": "medical", "result": {"passed": True}})
    at = str(int(NOW.timestamp()))
    signed = signature(CALLBACK_KEYS[key_id].secret, at, body.encode())
    command = ReceiveCallback(case_id, "medical", key_id, at, signed, body)
    return take_callback(transactions, command).state


def signal_of(transactions: AnyTransactions, tenant: str, case_id: str) -> Any:
    with transactions.begin(tenant) as tx:
        return whole_case(tx, tenant, case_id).step("medical").signal


@pytest.mark.parametrize("tenant", ["default", "demo", "other"])
def test_a_callback_reaches_the_case_of_whatever_tenant_it_belongs_to(
    transactions: AnyTransactions, tenant: str,
) -> None:
    case_id = submitted(transactions, tenant)
    assert call_back(transactions, case_id) == "ready"
    assert signal_of(transactions, tenant, case_id) == {"passed": True}


def test_the_same_callback_id_of_two_tenants_cases_is_two_callbacks(transactions: AnyTransactions) -> None:
    for tenant in ("demo", "other"):
        case_id = submitted(transactions, tenant)
        call_back(transactions, case_id)
        assert signal_of(transactions, tenant, case_id) == {"passed": True}


def test_a_key_for_some_tenants_answers_no_other_tenants_case_and_does_not_learn_of_it(
    transactions: AnyTransactions,
) -> None:
    theirs, others = submitted(transactions, "other"), submitted(transactions, "demo")
    assert call_back(transactions, theirs, "clinic-1") == "ready"
    with pytest.raises(CaseNotFound) as refused:
        call_back(transactions, others, "clinic-1")
    with pytest.raises(CaseNotFound) as unknown:
        call_back(transactions, "case_unknown", "clinic-1")
    assert str(refused.value).replace(others, "case_unknown") == str(unknown.value)
