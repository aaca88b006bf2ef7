"""`zhongtai autoscale` decides: up at once, down slowly, within bounds and schedules; and explains."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared_components.bus.amqp.instances import Instance
from shared_components.bus.deployment.inspection import QueueState
from shared_components.bus.errors import BrokerUnavailable
from shared_components.configuration.errors import ConfigurationError
from shared_components.observability.load import Load, LoadMeter
from shared_components.runtime.autoscaling.decisions import Decider
from shared_components.runtime.autoscaling.loop import Autoscaler
from shared_components.runtime.autoscaling.rules import Plan, Rule, read_plan
from shared_components.runtime.autoscaling.schedules import Schedule
from shared_components.runtime.load_view import LoadView, ServiceLoad

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
SERVICES = ("gateway", "matter", "payment")
RULE = Rule("payment", floor=2, ceiling=8, calls_per_process=64, wait_p95_ms=200, down_after_s=180)


def load(calls: int = 0, *, processes: int = 2, wait_p95_ms: float = 0.0) -> ServiceLoad:
    return ServiceLoad("payment", processes, 0.0, 0.0, calls, 0, wait_p95_ms, 0.0, 0, 0)


def test_a_step_of_load_scales_up_at_the_first_look() -> None:
    decision = Decider(RULE).decide(load(384), 2, at_s=0, now=NOON)
    assert (decision.wanted, decision.because) == (
        6, "384 calls wait or run, 64 a process are allowed: 6; floor 2, ceiling 8")


def test_a_long_wait_scales_up_when_all_processes_serve() -> None:
    waits = load(10, wait_p95_ms=500)
    decision = Decider(RULE).decide(waits, 2, at_s=0, now=NOON)
    assert (decision.wanted, "95 % wait up to 500 ms, 200 are allowed: 4" in decision.because) == (4, True)
    assert Decider(RULE).decide(waits, 4, at_s=0, now=NOON).wanted == 4, "what starting processes do is not known"


@pytest.mark.parametrize(("calls", "wanted"), [(100_000, 8), (0, 2)])
def test_floor_and_ceiling_hold(calls: int, wanted: int) -> None:
    assert Decider(RULE).decide(load(calls), 2, at_s=0, now=NOON).wanted == wanted


def test_processes_leave_only_after_the_load_was_low_for_the_whole_time() -> None:
    decider = Decider(RULE)
    assert decider.decide(load(384), 2, at_s=0, now=NOON).wanted == 6
    for at_s in range(5, 180, 5):
        assert decider.decide(load(0, processes=6), 6, at_s=at_s, now=NOON).wanted == 6
    held = decider.decide(load(0, processes=6), 6, at_s=180, now=NOON)
    assert (held.wanted, "6 were needed within 180 s" in held.because) == (6, True)
    assert decider.decide(load(0, processes=6), 6, at_s=185, now=NOON).wanted == 2


def test_a_little_less_load_keeps_what_was_needed_lately() -> None:
    decider = Decider(RULE)
    for at_s, calls in ((0, 384), (100, 300), (190, 10), (275, 10)):
        wanted = decider.decide(load(calls, processes=6), 6, at_s=at_s, now=NOON).wanted
    assert wanted == 5, "300 calls needed five processes 175 s ago"


def test_a_new_autoscaler_takes_nothing_away_before_it_knows_enough() -> None:
    decider = Decider(RULE)
    first = decider.decide(load(0, processes=6), 6, at_s=1000, now=NOON)
    assert (first.wanted, "low for less than 180 s" in first.because) == (6, True)
    assert decider.decide(load(0, processes=6), 6, at_s=1180, now=NOON).wanted == 2


def test_without_any_word_of_the_load_nothing_changes() -> None:
    decision = Decider(RULE).decide(load(processes=0), 5, at_s=0, now=NOON)
    assert (decision.wanted, decision.because.startswith("no process tells its load")) == (5, True)


@pytest.mark.parametrize(("hour_in_china", "floor"), [(7, 2), (8, 6), (12, 6), (19, 6), (20, 2)])
def test_a_schedule_raises_the_floor_in_its_own_time_zone(hour_in_china: int, floor: int) -> None:
    peak = Schedule("tax deadline", "0 8 1-15 * *", "0 20 1-15 * *", CHINA, 6)
    rule = Rule("payment", 2, 8, 64, 200, 180, (peak,))
    now = datetime(2026, 12, 15, hour_in_china, 0, 0, tzinfo=CHINA)
    decision = Decider(rule).decide(load(), 2, at_s=0, now=now)
    assert decision.wanted == floor
    assert ("by schedule 'tax deadline'" in decision.because) == (floor == 6)


def test_a_schedule_may_last_over_midnight_and_may_be_a_single_day() -> None:
    night = Schedule("night", "0 22 * * *", "0 6 * * *", CHINA, 4)
    assert [night.active(datetime(2026, 12, 1, hour, tzinfo=CHINA)) for hour in (21, 23, 5, 7)] == [
        False, True, True, False]
    day = Schedule("enrolment", "2026-12-05T08:00", "2026-12-05T18:00", CHINA, 4)
    assert [day.active(datetime(2026, 12, 5, hour, tzinfo=CHINA)) for hour in (7, 8, 18)] == [False, True, False]


def plan_of(tmp_path: Path, text: str) -> Plan:
    file = tmp_path / "autoscale.yaml"
    file.write_text(text, encoding="utf-8")
    return read_plan(str(file), SERVICES, NOON)


def peak(**changed: str) -> str:
    told = {"name": "a", "start": "'0 8 * * *'", "end": "'0 20 * * *'", **changed}
    return "{" + ", ".join(f"{key}: {value}" for key, value in told.items()) + "}"


def peaks(*schedules: str) -> str:
    return f"services: {{payment: {{schedules: [{', '.join(schedules)}]}}}}"


LATER = peak(name="b", start="'0 19 * * *'", end="'0 22 * * *'")


def test_a_plan_has_defaults(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, peaks(peak(floor="4")).replace("{schedules", "{ceiling: 6, schedules"))
    (rule,) = plan.rules
    assert (plan.every_s, rule.floor, rule.ceiling, rule.down_after_s, rule.schedules[0].floor) == (5, 2, 6, 180, 4)


@pytest.mark.parametrize(("text", "said"), [
    ("services: {}", "'services'"),
    ("services: {nothing: {}}", "'services.nothing' is no service that can be scaled here; allowed: matter, payment"),
    ("services: {gateway: {}}", "'services.gateway' is no service that can be scaled here"),
    ("services: {payment: {floor: 0}}", "'services.payment.floor' is 0; allowed: a whole number from 1 to 256"),
    ("services: {payment: {floor: 4, ceiling: 3}}", "has ceiling 3 below floor 4; at least the floor is allowed"),
    ("services: {payment: {down_after_s: 5}}", "'services.payment.down_after_s' is 5; allowed: a number from 120"),
    ("services: {payment: {nonsense: 5}}", "'services.payment.nonsense'"),
    (peaks(peak(start="2026-12-05T18:00")), "('a') has a start and an end of two forms"),
    (peaks(peak(start="x", end="y")), "('a') has the start 'x', which is no cron expression"),
    (peaks(peak(start="2026-12-05T18:00", end="2026-12-05T08:00")), "('a') ends before it begins"),
    (peaks(peak(end="'0 8 * * 1'")), "('a') begins anew at 2026-12-02T08:00"),
    (peaks(peak(end="'0 8 30 2 *'")), "('a') has the end '0 8 30 2 *', which is no cron expression"),
    (peaks(peak(time_zone="Mars/Base")), "time_zone' is 'Mars/Base'; the name of a time zone is allowed"),
    (peaks(peak(floor="9")), "floor' is 9; at most the ceiling, 8, is allowed"),
    (peaks(peak(), peak()), "has two schedules of one name"),
    (peaks(peak(), LATER), "has 'a' and 'b', which overlap at 2026-12-01T19:00:00+08:00; one at a time is allowed"),
])
def test_a_wrong_plan_is_told_by_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        plan_of(tmp_path, text)
    assert said in refused.value.message and "\n" not in refused.value.message


class Scaler:
    def __init__(self) -> None:
        self.now = {"payment": 2, "matter": 1}

    def counts(self) -> dict[str, int]:
        return dict(self.now)

    def scale(self, counts: Mapping[str, int]) -> None:
        self.now |= counts

    def described(self, counts: Mapping[str, int]) -> list[str]:
        return []


class Broker:
    def __init__(self, messages: int) -> None:
        self.messages = messages

    def queue(self, name: str) -> QueueState | None:
        return QueueState(name, self.messages if name == "rpc-payment" else 0, 2)

    def instances(self) -> list[Instance]:
        told = Load(calls_s=100, waiting=20, running=44, calls_a_message=16)
        return [Instance("payment", "host", pid, "0.1", "2026-11-30T00:00:00+00:00", told) for pid in (1, 2)]


def test_calls_are_counted_not_messages() -> None:
    (found,) = LoadView(Broker(10)).read(["payment"])
    assert (found.processes, found.calls_s, found.waiting, found.running, found.queue) == (2, 200, 200, 88, 10)
    assert found.per_process == 144


@pytest.mark.parametrize(("dry_run", "processes"), [(True, 2), (False, 5)])
def test_a_dry_run_decides_and_changes_nothing(dry_run: bool, processes: int) -> None:
    scaler = Scaler()
    (told,) = [Autoscaler(Plan(5, (RULE,)), scaler, lambda: LoadView(Broker(10)), dry_run=dry_run).look()]
    assert isinstance(told, list) and told[0].wanted == 5
    assert scaler.now == {"payment": processes, "matter": 1}


def test_a_lost_broker_is_told_and_connected_to_anew() -> None:
    made: list[LoadView] = []

    def view() -> LoadView:
        if not made:
            made.append(LoadView(Broker(0)))
            raise BrokerUnavailable("the broker cannot be used: Connection refused")
        return made[0]

    scaling = Autoscaler(Plan(5, (RULE,)), Scaler(), view)
    assert isinstance(scaling.look(), BrokerUnavailable)
    assert isinstance(scaling.look(), list)


def test_a_meter_tells_rates_waits_and_percentiles_of_the_last_seconds() -> None:
    now = [100.0]
    meter = LoadMeter(lambda: now[0])
    for _ in range(10):
        meter.arrived(8)
        meter.started(8, 0.02)
        meter.ended(8, 0.1, failed=1)
        now[0] += 0.4
    meter.started(3, 0.02)
    meter.waiting = lambda: 7
    told = meter.read()
    assert (told.calls_s, told.failed_s, told.waiting, told.running, told.calls_a_message) == (20.0, 2.5, 7, 3, 8.0)
    assert 20 <= told.wait_p95_ms <= 25 and 100 <= told.p95_ms <= 125
    now[0] += 10
    assert (meter.read().calls_s, meter.read().p95_ms) == (0.0, 0.0)
