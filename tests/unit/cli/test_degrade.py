"""`zhongtai degrade`: what may be switched off, until when, and what callers then get."""
from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shared_components.bus.amqp.degraded import SwitchedOff, newest
from shared_components.cli.degrade import _classes, _moment
from shared_components.cli.errors import WrongUse
from shared_components.kernel.load_classes import LISTS, ORDINARY, REPORTS, VITAL, LoadClass
from tests.unit.cli.conftest import Zhongtai

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(("arguments", "said"), [
    (["nothing", "--until", "23:59"], "'nothing' is no group and no method; allowed: exports, lists, "),
    (["payment.create_order", "--until", "23:59"], "'payment.create_order' is vital, and is never switched off"),
    (["reports"], "names and --until are needed together"),
    (["--until", "23:59"], "names and --until are needed together"),
    (["reports", "--until", "25:00"], "--until is '25:00'; HH:MM, or a date and time"),
    (["reports", "--until", "2020-01-01T00:00"], "--until is '2020-01-01T00:00', which has passed"),
    (["reports", "--until", "2999-01-01T00:00"], "at most 7 days from now are allowed"),
    (["reports", "--off"], "--off is given with names or --until"),
])
def test_a_wrong_wish_is_one_line(zhongtai: Zhongtai, arguments: list[str], said: str) -> None:
    ran = zhongtai("degrade", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n"), said in ran.err) == (2, "", 1, True), ran.err


@pytest.mark.parametrize(("text", "hour"), [("18:00", 18), ("2026-12-01T18:00", 18), ("2026-12-01T10:00+00:00", 10)])
def test_a_time_is_of_this_machine_unless_it_says_otherwise(text: str, hour: int) -> None:
    assert (_moment(text, NOW).hour, _moment(text, NOW).timestamp() > NOW.timestamp()) == (hour, True)
    with pytest.raises(WrongUse, match="has passed"):
        _moment("11:59", NOW)


@pytest.mark.parametrize(("names", "load_class", "refused"), [
    ({"reports"}, REPORTS, True), ({"reports"}, LISTS, False), ({"deferrable"}, LISTS, True),
    ({"deferrable"}, ORDINARY, False), ({"payment.get"}, ORDINARY, True), ({"payment.get", "deferrable"}, VITAL, False),
    (set(), REPORTS, False),
])
def test_a_call_is_refused_by_group_class_or_name_and_never_a_vital_one(
    names: set[str], load_class: LoadClass, refused: bool,
) -> None:
    off = SwitchedOff(frozenset(names), until=1000.0)
    refusal = off.refusal("payment", "get", load_class, 970.5)
    assert (refusal is not None) == refused
    if refusal is not None:
        assert (refusal.code, refusal.http_status, refusal.details["retry_after_s"]) == ("bus.degraded", 503, 30)
        assert "1970-01-01T00:16:40Z" in refusal.message and "暂停服务" in refusal.message_in("zh-CN")
    assert off.refusal("payment", "get", load_class, 1000.0) is None, "it ends by itself"


class Message:
    def __init__(self, body: bytes, user: str = "operator") -> None:
        self.body, self.properties = body, {"user_id": user}


def test_the_last_well_formed_word_of_an_operator_counts() -> None:
    good = Message(b'{"names": ["reports"], "until": 5}')
    others = [Message(b"x"), Message(b'{"names": "reports", "until": 5}'),
              Message(b'{"names": [], "until": 9}', "payment")]
    assert newest([good, *others], verified=True) == SwitchedOff(frozenset({"reports"}), 5.0)
    assert newest([good, *others], verified=False) == SwitchedOff(frozenset(), 9.0)
    assert newest([], verified=True) is None


@pytest.mark.parametrize("until", ["true", "-1", "1e300", "253402300800"])
def test_a_moment_that_no_calendar_has_is_no_word(until: str) -> None:
    """A call would fail on it: the error that it gets names the moment."""
    word = newest([Message(b'{"names": ["reports"], "until": %s}' % until.encode())], verified=True)
    assert word is None


def test_what_a_citizen_needs_to_pay_and_to_sign_in_is_vital() -> None:
    classes = _classes()
    vital = {name for name, one in classes.items() if one.name == "vital"}
    assert vital >= {"payment.create_order", "payment.apply_channel_notification", "identity.begin_login",
                     "matter.submit_case", "elicence.verify", "identity.read_feed"}
    assert {one.group for one in classes.values() if one.name == "deferrable"} == {"exports", "lists", "reports"}


@pytest.mark.parametrize(("name", "group"), [
    ("urgent", ""), ("vital", "reports"), ("deferrable", ""), ("deferrable", "A")])
def test_a_load_class_that_cannot_be_does_not_start(name: str, group: str) -> None:
    with pytest.raises(ValueError, match="load class"):
        LoadClass(name, group)
