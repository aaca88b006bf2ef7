"""`zhongtai rehearse`: bounded, against this machine, measured from the moment a call was due."""
from __future__ import annotations

import asyncio
import random

import pytest

from shared_components.bus.errors import Overloaded
from shared_components.devstack.rehearsing.load import Result, Second, rehearse
from shared_components.devstack.rehearsing.report import html, plan
from shared_components.devstack.rehearsing.shapes import SHAPES, Peak
from tests.unit.cli.conftest import Zhongtai


@pytest.mark.parametrize(("arguments", "broker", "said"), [
    (["--for", "1s"], "amqp://127.0.0.1:1/", "Missing option '--rate'"),
    (["--rate", "5"], "amqp://127.0.0.1:1/", "Missing option '--for'"),
    (["--rate", "0", "--for", "1s"], "amqp://127.0.0.1:1/", "--rate is '0'; a number of calls a second to 50,000"),
    (["--rate", "50001/s", "--for", "1s"], "amqp://127.0.0.1:1/", "--rate is '50001/s'"),
    (["--rate", "-1", "--for", "1s"], "amqp://127.0.0.1:1/", "--rate is '-1'"),
    (["--rate", "5", "--for", "2h"], "amqp://127.0.0.1:1/", "--for is '2h'; a time from 1s to 1h is allowed"),
    (["--rate", "5", "--for", "for ever"], "amqp://127.0.0.1:1/", "--for is 'for ever'"),
    (["--rate", "5", "--for", "5s", "--shape", "x"], "amqp://127.0.0.1:1/", "--shape is 'x'; allowed: steady, ramp,"),
    (["--rate", "5", "--for", "5s"], "amqp://broker.gov.example/", "is at 'broker.gov.example', which is another"),
    (["--rate", "5", "--for", "5s", "--host", "other"], "amqp://10.0.0.1/", "is allowed, or --host 10.0.0.1"),
    (["--rate", "5", "--for", "5s"], "inproc://", "a rehearsal needs RabbitMQ"),
])
def test_a_rehearsal_without_a_limit_or_elsewhere_is_refused_in_one_line(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, arguments: list[str], broker: str, said: str,
) -> None:
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", broker)
    ran = zhongtai("rehearse", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n"), said in ran.err) == (2, "", 1, True), ran.err


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_shape_reaches_its_height_and_never_more(name: str) -> None:
    peak = Peak(100, 60, name)
    rates = [peak.rate_at(at_s) for at_s in range(61)]
    assert 99 < max(rates) <= 100 and min(rates) >= 0


def run(call: object, peak: Peak) -> Result:
    return asyncio.run(rehearse(peak, call, lambda *told: None, seed=7))  # type: ignore[arg-type]


def test_calls_are_due_whether_or_not_the_platform_keeps_up() -> None:
    async def slow(chance: random.Random) -> None:
        await asyncio.sleep(0.4)
        if chance.random() < 0.5:
            raise Overloaded

    result = run(slow, Peak(100, 1, "steady"))
    assert 80 <= sum(second.due for second in result.seconds) <= 101
    assert set(result.outcomes) == {"ok", "bus.overloaded"} and result.percentile_ms(0.5) >= 400


def test_the_plan_shows_its_arithmetic_and_the_report_its_plots() -> None:
    seconds = [Second(due=1000) for _ in range(10)]
    for second in seconds:
        second.ended["ok"], second.durations_ms = 800, [5.0, 50.0]
        second.ended["<b>"] = 200
    result = Result(Peak(1000, 10, "steady"), seconds)
    made = plan(result, processes=2)
    assert (made.processes, made.server_cores) == (136, 136)
    assert made.arithmetic.startswith("38,000 /s ÷ (400 /s a process × 70% used) = 136 processes")
    page = html(result, 2)
    assert page.count("<polyline") == 3 and "did not do all that was asked" in page and "<td>&lt;b&gt;</td>" in page
    assert plan(Result(Peak(1, 1, "steady"), [Second()]), 1).arithmetic.startswith("No call was good")
