"""After paying for a step the citizen comes back to the case, through a channel that was chosen from those allowed."""
from __future__ import annotations

import copy
from typing import Any

import pytest

from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.errors import StepNotFound
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.definitions.domain.check import find_problems
from services.matter.kinds.pay.choose_channel import ChooseChannel, choose_channel
from services.matter.kinds.pay.errors import ChannelNotAllowed, PaymentNotStarted, StepNotPayable
from services.matter.kinds.pay.views import ChosenChannelView
from services.matter.kinds.registry import KINDS
from services.matter.publishing.adapters.shipped import shipped_definitions
from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.orders.usecases.start_payment import StartPayment, start_payments
from services.payment.schemas import PaymentSettings
from shared_components.kernel.calls import CallContext
from shared_components.kernel.return_addresses import ReturnAddresses, ReturnUrlNotAllowed
from tests.outcomes import done, one
from tests.unit.matter.bench import TENANT as MATTER_TENANT
from tests.unit.matter.bench import Bench
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.world import TENANT, FakeChannels, call, fee_item_call, fixed_clock, order_call

PORTAL = "https://portal.example/cases/"
ADDRESSES = ReturnAddresses({"app-demo": [PORTAL, "https://portal.example:8443"]}, frozenset({"matter"}))


def definition_with(channels: list[str]) -> dict[str, Any]:
    definition = copy.deepcopy(dict(shipped_definitions()[0]))
    pay = next(step for step in definition["steps"] if step["kind"] == "pay")
    pay["with"] = {**{name: value for name, value in pay["with"].items() if name != "channel"}, "channels": channels}
    return definition


@pytest.fixture
def bench() -> Bench:
    made = Bench(definition=definition_with(["wechat", "alipay"]))
    _allow(made)
    return made


def _allow(bench: Bench) -> None:
    engine: EngineSettings = bench.transactions.engine
    object.__setattr__(engine, "return_addresses", ADDRESSES)


def submit(bench: Bench, return_url: str | None = None, caller: str = "app-demo") -> str:
    case_id = bench.start()
    with bench.transactions.begin(MATTER_TENANT) as tx:
        submit_case(tx, SubmitCase(case_id, return_url), CallContext(caller, MATTER_TENANT))
    bench.run()
    return case_id


def choose(
    bench: Bench, case_id: str, channel: str, return_url: str | None = None, step: str = "pay",
) -> ChosenChannelView:
    command = ChooseChannel(case_id, step, channel, return_url)
    return choose_channel(
        bench.transactions, bench.world.components, command, CallContext("app-demo", MATTER_TENANT))


def order(bench: Bench) -> dict[str, Any]:
    return next(iter(bench.world.orders.values()))


def test_the_applicant_chooses_the_channel_and_comes_back_to_the_case(bench: Bench) -> None:
    case_id = submit(bench)
    waiting = bench.case(case_id).step("pay")
    assert (waiting.state, waiting.result["channels"]) == ("waiting", ["wechat", "alipay"])
    assert "pay_url" not in waiting.result and order(bench)["state"] == "created"
    chosen = choose(bench, case_id, "alipay", PORTAL + case_id)
    assert (chosen.channel, chosen.state) == ("alipay", "waiting")
    assert (order(bench)["channel"], order(bench)["return_url"]) == ("alipay", PORTAL + case_id)
    assert bench.case(case_id).step("pay").result["pay_url"] == chosen.pay_url
    bench.hospital(case_id)
    bench.pay(case_id)
    assert bench.case(case_id).state == "completed"


def test_what_was_chosen_stays_through_polls_and_can_be_asked_for_again(bench: Bench) -> None:
    case_id = submit(bench)
    chosen = choose(bench, case_id, "wechat")
    bench.sweep(seconds=301)
    assert bench.case(case_id).step("pay").result["pay_url"] == chosen.pay_url
    assert choose(bench, case_id, "wechat").pay_url == chosen.pay_url


def test_one_channel_is_opened_at_once_with_the_way_back_of_the_submission() -> None:
    bench = Bench()
    _allow(bench)
    case_id = submit(bench, PORTAL + "mine")
    assert bench.case(case_id).step("pay").result["pay_url"]
    assert order(bench)["return_url"] == PORTAL + "mine"


def test_a_channel_that_the_definition_does_not_allow_is_refused_with_those_it_does(bench: Bench) -> None:
    case_id = submit(bench)
    with pytest.raises(ChannelNotAllowed) as caught:
        choose(bench, case_id, "sandbox")
    assert caught.value.details["allowed"] == ["wechat", "alipay"]


def test_only_a_step_that_waits_for_money_can_be_paid(bench: Bench) -> None:
    case_id = submit(bench)
    with pytest.raises(StepNotPayable):
        choose(bench, case_id, "alipay", step="medical")
    with pytest.raises(StepNotFound):
        choose(bench, case_id, "alipay", step="nothing")
    bench.pay(case_id)
    with pytest.raises(StepNotPayable):
        choose(bench, case_id, "alipay")


def test_an_order_that_ended_meanwhile_is_told_as_that(bench: Bench) -> None:
    case_id = submit(bench)
    order(bench)["state"] = "closed"
    with pytest.raises(PaymentNotStarted):
        choose(bench, case_id, "alipay")


ELSEWHERE = [
    "https://evil.example/cases/1", "https://portal.example.evil.example/cases/1", "http://portal.example/cases/1",
    "https://portal.example:444/cases/1", "https://portal.example@evil.example/cases/1", "https://portal.example/casesx",
    "https://portal.example/cases/../admin", "https://portal.example/cases/%2e%2e/admin",
    "https://portal.example/cases/%252e%252e/admin", "https://portal.example\\@evil.example/cases/1",
    "https:portal.example/cases/1", "//portal.example/cases/1", "javascript:alert(1)", "https://portal.example/cases/\n1",
    "https://portal.example/cases/办件", "https://portal.example/cases/" + "x" * 1000, "https:///portal.example/cases/1",
    "http://127.0.0.1/cases/1",
]


@pytest.mark.parametrize("url", ELSEWHERE, ids=ascii)
def test_an_address_that_was_not_allowed_is_refused_everywhere(bench: Bench, url: str) -> None:
    with pytest.raises(ReturnUrlNotAllowed) as caught:
        ADDRESSES.check("app-demo", url)
    assert caught.value.details["allowed"][0] == PORTAL
    with pytest.raises(ReturnUrlNotAllowed):
        submit(bench, url)
    case_id = submit(bench)
    with pytest.raises(ReturnUrlNotAllowed):
        choose(bench, case_id, "alipay", url)


@pytest.mark.parametrize("url", [
    PORTAL, PORTAL + "case_1?paid=1#end", "https://portal.example/cases", "HTTPS://PORTAL.example:443/cases/1",
    "https://portal.example:8443", "https://portal.example:8443/any/page",
])
def test_an_address_below_one_that_was_allowed_is_taken(url: str) -> None:
    ADDRESSES.check("app-demo", url)


def test_one_app_s_addresses_are_not_another_s() -> None:
    with pytest.raises(ReturnUrlNotAllowed):
        ADDRESSES.check("app-other", PORTAL)
    ADDRESSES.check("app-other", "http://127.0.0.1:8000/back")


def test_payment_refuses_an_order_s_and_a_payment_s_address_alike() -> None:
    units = MemoryTransactions(fixed_clock(), [], FakeChannels())
    with units.begin(TENANT) as unit:
        unit.return_addresses = ADDRESSES
        put_fee_item(unit, *fee_item_call())
        good, bad = create_orders(unit, [
            call(order_call(return_url=url).data, caller="app-demo") for url in (PORTAL + "1", "https://evil.example/")
        ])
    order = done(good)
    assert order["return_url"] == PORTAL + "1"
    assert isinstance(bad, ReturnUrlNotAllowed)
    asked = StartPayment(order["order_id"], return_url="https://evil.example/")
    with pytest.raises(ReturnUrlNotAllowed):
        one(start_payments(units, units.channels, [call(asked, caller="app-demo")]))


def test_settings_take_only_beginnings_of_addresses() -> None:
    good = PaymentSettings().load({"return_addresses": {"app-demo": [PORTAL]}})
    assert good["return_addresses"] == {"app-demo": [PORTAL]}
    for wrong in ("portal.example", "ftp://portal.example/", "https://portal.example/?a=1", "https://u@portal.example/"):
        assert PaymentSettings().validate({"return_addresses": {"app-demo": [wrong]}})


@pytest.mark.parametrize("settings", [{}, {"channel": "sandbox", "channels": ["wechat"]}])
def test_a_definition_says_one_channel_or_those_to_choose_from(settings: dict[str, Any]) -> None:
    definition = definition_with(["wechat"])
    pay = next(step for step in definition["steps"] if step["kind"] == "pay")
    pay["with"] = {"lines": pay["with"]["lines"], **settings}
    (problem,) = find_problems(definition, KINDS.rules)
    assert problem.path[-1] == "with" and "channels" in problem.allowed
