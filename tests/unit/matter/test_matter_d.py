"""Matter D, 驾驶证期满换证, with the other components in memory."""
from __future__ import annotations

import pytest

from services.matter.cases.domain.errors import CaseNotEditable, CaseNotWithdrawable
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.kinds.callback.errors import CallbackReused, StepNotWaiting
from shared_components.kernel.errors import AppError, Conflict, NotFound, OutcomeUnknown, Unavailable
from tests.unit.matter.bench import CONTEXT, Bench, licence, person
from tests.unit.matter.fakes import FakePayments, unavailable
from tests.unit.matter.memory import MOST_AT_ONCE


def test_the_whole_matter_goes_from_submission_to_the_new_licence(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    assert (bench.state(case_id, "medical"), bench.state(case_id, "pay")) == ("waiting", "waiting")
    assert bench.case(case_id).step("pay").result["pay_url"]
    bench.hospital(case_id)
    bench.pay(case_id)
    case = bench.case(case_id)
    assert case.state == "completed"
    assert {task.name: task.state for task in case.by_role("step")} == dict.fromkeys(
        ["check", "medical", "pay", "issue", "deliver"], "completed")
    old, new = bench.world.licences["lic_1"], bench.world.licences["lic_2"]
    assert (old["state"], new["state"], new["version"]) == ("superseded", "issued", 2)
    assert (new["valid_from"], new["valid_until"]) == ("2025-06-02", "2035-07-01")
    assert bench.events() == ["case-submitted", "case-accepted", "case-decided", "case-completed"]
    assert not case.by_role("compensation")


def test_the_applicant_is_told_by_mail_and_inbox_at_each_moment(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    told = sorted((m["template_code"], m["channel"]) for m in bench.world.messages)
    moments = ["matter-accepted", "matter-completed", "matter-issued", "matter-paid"]
    assert told == [(moment, channel) for moment in moments for channel in ("email", "inbox")]
    issued = next(m for m in bench.world.messages if m["template_code"] == "matter-issued")
    assert issued["values"]["valid_until"] == "2035-07-01"
    assert [line.entry for line in bench.case(case_id).timeline][-2:] == ["completed", "rating-invited"]


def test_delivery_is_skipped_when_the_licence_is_wanted_electronically(bench: Bench) -> None:
    case_id = bench.submit(delivery="electronic")
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    assert (bench.case(case_id).state, bench.state(case_id, "deliver")) == ("completed", "skipped")


def test_a_refused_delivery_does_not_refuse_the_case(bench: Bench) -> None:
    bench.world.refuse["couriers.dispatch"] = Conflict("not there")
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    assert (bench.case(case_id).state, bench.state(case_id, "deliver")) == ("completed", "refused")


@pytest.mark.parametrize(("change", "code"), [
    ({"level": 2}, "matter.level-too-low"),
    ({"kind": "organisation"}, "matter.applicant-kind"),
])
def test_the_check_refuses_a_person_who_may_not_apply(bench: Bench, change: dict[str, object], code: str) -> None:
    bench.world.subjects["sub_1"] = person(**change)
    case_id = bench.submit()
    bench.run()
    case = bench.case(case_id)
    assert (case.state, (case.stop or {})["code"]) == ("refused", code)
    assert bench.world.orders == {}


@pytest.mark.parametrize(("change", "code"), [
    ({"valid_until": "2025-09-01"}, "matter.outside-window"),
    ({"valid_until": "2024-06-01"}, "matter.outside-window"),
    ({"valid_until": None}, "matter.licence-permanent"),
    ({"state": "revoked"}, "matter.no-valid-licence"),
    ({"holder_subject": "sub_2"}, "matter.no-valid-licence"),
])
def test_the_check_refuses_a_licence_that_cannot_be_renewed(bench: Bench, change: dict[str, object], code: str) -> None:
    bench.world.licences["lic_1"] = licence(**change)
    case_id = bench.submit()
    bench.run()
    assert (bench.case(case_id).stop or {})["code"] == code


@pytest.mark.parametrize("until", ["2025-08-31", "2025-06-02", "2024-06-02"])
def test_the_window_includes_its_first_and_last_day(bench: Bench, until: str) -> None:
    bench.world.licences["lic_1"] = licence(valid_until=until, valid_from=f"{int(until[:4]) - 6}{until[4:]}")
    case_id = bench.submit()
    bench.run()
    assert bench.state(case_id, "check") == "completed"


def test_the_check_refuses_unpaid_violations_and_tells_the_applicant_why(bench: Bench) -> None:
    bench.world.violations["330106199003070014"] = 2
    case_id = bench.submit()
    bench.run()
    assert bench.case(case_id).state == "refused"
    refused = [m for m in bench.world.messages if m["template_code"] == "matter-refused"]
    assert {m["values"]["reason"] for m in refused} == {"有2起交通违法尚未处理"}


def test_a_failed_examination_closes_the_unpaid_order(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id, passed=False)
    assert bench.case(case_id).state == "refused"
    assert bench.world.orders["pay_1"]["state"] == "closed"
    assert bench.state(case_id, "pay") == "cancelled"
    assert bench.world.refunds == {}


def test_a_refused_issue_returns_what_was_paid(bench: Bench) -> None:
    bench.world.refuse["elicence.issue"] = Conflict("the prior licence is suspended")
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    bench.sweep(seconds=11)
    case = bench.case(case_id)
    assert case.state == "refused"
    assert bench.world.orders["pay_1"]["state"] == "refunded"
    assert [(task.name, task.state) for task in case.by_role("compensation")] == [("pay.refund", "completed")]
    assert "refunded" in [line.entry for line in case.timeline]


def test_a_refund_that_does_not_answer_is_retried_until_it_does(bench: Bench) -> None:
    bench.world.refuse["elicence.issue"] = Conflict("no")
    bench.world.before = unavailable("payment.refund_order")
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    for _ in range(4):
        bench.sweep(seconds=60)
    assert bench.case(case_id).state == "compensating"
    bench.world.before = unavailable()
    bench.sweep(seconds=900)
    bench.sweep(seconds=11)
    assert bench.case(case_id).state == "refused"
    assert bench.world.effects[f"{case_id}:pay.refund:1"] == 1


def test_money_that_arrives_while_the_case_is_being_stopped_is_returned(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.pay_silently(case_id)
    bench.hospital(case_id, passed=False)
    bench.sweep(seconds=11)
    assert (bench.case(case_id).state, bench.world.orders["pay_1"]["state"]) == ("refused", "refunded")


def test_money_that_arrives_after_the_step_was_given_up_is_returned(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.world.orders["pay_1"]["state"] = "failed"
    bench.sweep(seconds=301)
    assert bench.case(case_id).state == "refused"
    bench.world.orders["pay_1"]["state"] = "pending"
    bench.pay(case_id)
    bench.sweep(seconds=11)
    assert (bench.case(case_id).state, bench.world.orders["pay_1"]["state"]) == ("refused", "refunded")


def test_a_lost_payment_event_is_found_by_asking(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.pay_silently(case_id)
    bench.sweep(seconds=301)
    assert bench.state(case_id, "pay") == "completed"


def test_a_payment_event_that_overtakes_the_order_is_not_lost(bench: Bench) -> None:

    def pay_before_the_reply(method: str, op_id: str | None) -> None:
        if method == "payment.start_payment" and bench.world.orders["pay_1"]["state"] == "pending":
            event = FakePayments(bench.world).pay("pay_1")
            assert event is not None
            bench.tell_paid(event)

    bench.world.after = pay_before_the_reply
    case_id = bench.submit()
    bench.run()
    assert bench.state(case_id, "pay") == "completed"


@pytest.mark.parametrize("error", [Unavailable("later"), OutcomeUnknown("no reply")])
def test_an_unanswered_call_is_asked_again_with_the_same_operation_id(bench: Bench, error: AppError) -> None:
    seen: list[str | None] = []

    def fail_first(method: str, op_id: str | None) -> None:
        if method == "elicence.issue":
            seen.append(op_id)
            if len(seen) < 3:
                raise error

    bench.world.after = fail_first
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    assert bench.state(case_id, "issue") == "ready"
    for _ in range(3):
        bench.sweep(seconds=5)
    assert seen == [f"{case_id}:issue:1"] * 3
    assert (bench.case(case_id).state, bench.world.effects[f"{case_id}:issue:1"]) == ("completed", 1)


def test_a_step_that_is_asked_too_often_is_shown_as_stuck_and_can_be_retried() -> None:
    bench = Bench(stuck_after_attempts=3)
    bench.world.before = unavailable("elicence.list_by_holder")
    case_id = bench.submit()
    bench.run()
    for _ in range(4):
        bench.sweep(seconds=60)
    assert bench.state(case_id, "check") == "stuck"
    assert bench.case(case_id).is_stuck
    assert [name for name in bench.events() if name != "case-accepted"] == ["case-submitted", "case-failed"]
    bench.world.before = unavailable()
    bench.retry(case_id, "check")
    bench.run()
    assert bench.state(case_id, "check") == "completed"


def test_a_service_that_is_not_running_refuses_nobody() -> None:
    bench = Bench()
    error = NotFound("no such service")
    error.code = "bus.unknown-service"
    bench.world.refuse["elicence.list_by_holder"] = error
    case_id = bench.submit()
    bench.run()
    assert bench.state(case_id, "check") == "ready"


def test_a_repeated_callback_changes_nothing_and_another_content_is_refused(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.hospital(case_id)
    with pytest.raises(CallbackReused):
        bench.hospital(case_id, digest="other")
    with pytest.raises(StepNotWaiting):
        bench.hospital(case_id, callback_id="m-2")


def test_who_is_seventy_is_told_to_be_examined_every_year(bench: Bench) -> None:
    bench.world.subjects["sub_1"] = person(id_number="11010519491231002X")
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    result = bench.case(case_id).step("medical").result
    assert (result["yearly"], result["next_due"]) == (True, "2026-06-02")
    assert "note" in [line.entry for line in bench.case(case_id).timeline]


def test_withdrawing_returns_the_money(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.pay(case_id)
    bench.withdraw(case_id)
    bench.sweep(seconds=11)
    assert (bench.case(case_id).state, bench.world.orders["pay_1"]["state"]) == ("withdrawn", "refunded")


def test_a_case_cannot_be_withdrawn_once_the_licence_is_issued(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    with pytest.raises(CaseNotWithdrawable):
        bench.withdraw(case_id)


def test_a_submitted_case_cannot_be_submitted_again(bench: Bench) -> None:
    case_id = bench.submit()
    with bench.transactions.begin("default") as tx, pytest.raises(CaseNotEditable):
        submit_case(tx, SubmitCase(case_id), CONTEXT)


def test_the_applicants_data_is_erased_when_all_is_done(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    assert bench.case(case_id).applicant is not None
    bench.hospital(case_id)
    bench.pay(case_id)
    assert bench.case(case_id).applicant is None


@pytest.mark.parametrize(("room", "state"), [(0, "ready"), (MOST_AT_ONCE, "running")])
def test_a_callback_that_overtakes_the_engine_is_not_lost(bench: Bench, room: int, state: str) -> None:
    """It comes when the step is due or just claimed, and before the engine has begun to wait."""
    bench.transactions.room = room
    case_id = bench.submit()
    while bench.state(case_id, "check") != "completed":
        bench.run_one()
    assert bench.state(case_id, "medical") == state
    bench.hospital(case_id)
    result = bench.case(case_id).step("medical").result
    assert (bench.state(case_id, "medical"), result["certificate_number"]) == ("completed", "TJ1")
