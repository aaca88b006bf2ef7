"""Pacts as pact-python writes them, verified against the stub: what holds, and what would break."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.contracts.consumers.registry import read_consumers
from shared_components.testing.pacts.verification import Verdict, check_pacts, verify
from shared_components.testing.stub.running import contracts_of, running_stub
from tests.architecture.source import ROOT
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
# In a process of its own, as an app's tests: the native library writes to standard output.
APP_TESTS = """
import sys
import httpx
from pact import Pact, match
from shared_components.testing.pacts.states import from_state

pact = Pact("app-pay", "payment").with_specification("V4")
(pact.upon_receiving("the state of a paid order").given("an order that is paid")
 .with_request("POST", "/v1/payment/get-order").with_header("Authorization", "Bearer key")
 .with_body({"order_id": from_state("order_id", "pay_1")}, "application/json")
 .will_respond_with(200).with_body({"state": "paid", "amount_minor": match.int(1000)}, "application/json"))
with pact.serve() as server:
    answer = httpx.post(f"{server.url}/v1/payment/get-order", json={"order_id": "pay_1"},
                        headers={"Authorization": "Bearer key"})
    assert answer.json()["state"] == "paid"
pact.write_file(sys.argv[1])
told = Pact("app-pay", "payment").with_specification("V4")
(told.upon_receiving("order-paid", "Async").given("the seed")
 .with_body({"order_id": match.str("pay_1"), "amount_minor": match.int(3)}, "application/json"))
told.verify(lambda body, metadata: None, "Async")
told.write_file(sys.argv[1])
"""


@pytest.fixture(scope="module")
def pacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pacts")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", APP_TESTS, str(folder)], capture_output=True, text=True, check=False,
        cwd=ROOT, env={**os.environ, "PACT_DO_NOT_TRACK": "true"}, timeout=100)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return folder


def test_the_verdict_says_which_app_breaks_by_what(pacts: Path) -> None:
    read = read_consumers(pacts).pacts
    check_pacts(read)
    asked: list[str] = []

    def make(state: str) -> dict[str, str]:
        asked.append(state)
        return {"order_id": "pay_of_the_state"}

    with running_stub(contracts_of(("payment",))) as stub:
        stub.stub("payment.get_order").returns(state="paid")
        held = list(verify(read, url=stub.http_url, key="key", make_state=make))
        stub.stub("payment.get_order").returns(state="closed")
        broken = list(verify(read, url=stub.http_url, key="key", make_state=make))
        assert {call.request["order_id"] for call in stub.calls("payment.get_order")} == {"pay_of_the_state"}
    assert {str(one) for one in held} == {
        "app-pay → payment, the state of a paid order: holds", "app-pay → payment, order-paid: holds"}
    (wrong,) = [one for one in broken if one.problems]
    assert isinstance(wrong, Verdict)
    assert wrong.interaction == "the state of a paid order" and "$.state" in wrong.problems[0]
    assert "an order that is paid" in asked


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_pacts_are_verified_against_the_real_services(zhongtai: Zhongtai, pacts: Path) -> None:
    ran = zhongtai("contracts", "verify-pacts", str(pacts), "--json")
    assert ran.code == 0, ran.out + ran.err
    assert {(row["interaction"], row["breaks"]) for row in ran.data} == {
        ("the state of a paid order", "nothing"), ("order-paid", "nothing")}
