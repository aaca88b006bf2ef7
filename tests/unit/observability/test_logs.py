from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from shared_components.kernel.errors import Conflict, Internal
from shared_components.observability import METRICS, calls, configure_logging, redaction, register_fields
from shared_components.observability.patterns import scrub
from shared_components.observability.redaction import is_private
from tests.unit.observability.conftest import Capture

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass(frozen=True)
class Context:
    caller: str = "matter"
    traceparent: str | None = TRACE


@dataclass
class Finished:
    outcome: Any = None
    context: Context = Context()


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_structlog_and_the_standard_library_share_one_json_pipeline(capture: Capture) -> None:
    stream = capture(level="info")
    structlog.get_logger("services.payment").info("payment.order.paid", amount_minor=1000)
    logging.getLogger("nameko.runners").info("starting services: %s", "payment")
    logging.getLogger("services.payment").debug("payment.order.seen")
    first, second = lines(stream.getvalue())
    assert (first["event"], first["level"], first["logger"]) == ("payment.order.paid", "info", "services.payment")
    assert first["amount_minor"] == 1000 and first["timestamp"].endswith("Z")
    assert (second["event"], second["logger"]) == ("starting services: payment", "nameko.runners")


def test_console_is_for_people(capture: Capture) -> None:
    stream = capture(format="console")
    logging.getLogger("services.payment").info("payment.order.paid", extra={"amount_minor": 1000})
    assert "payment.order.paid" in stream.getvalue() and "amount_minor=1000" in stream.getvalue()


def test_auto_is_json_when_the_stream_is_no_terminal(capture: Capture) -> None:
    stream = capture(format="auto")
    logging.getLogger("services.payment").info("a.b.done")
    assert lines(stream.getvalue())[0]["event"] == "a.b.done"


@pytest.mark.parametrize("settings", [{"level": "loud"}, {"format": "xml"}])
def test_a_wrong_setting_says_what_is_allowed(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="level is one of"):
        configure_logging(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("format", ["json", "console"])
def test_every_call_of_a_group_has_one_summary_line(format: str, capture: Capture) -> None:
    stream = capture(format=format, level="info")
    group = [Finished({"x": 1}), Finished(Conflict()), Finished(Internal())]
    calls.group_finished("payment", "create_order", group, 0.5)
    assert stream.getvalue().count("bus.call.finished") == 3
    if format == "json":
        good, bad, ours = lines(stream.getvalue())
        assert {key: good[key] for key in ("method", "caller", "outcome", "code", "duration_ms", "group_size")} == {
            "method": "create_order", "caller": "matter", "outcome": "ok", "code": "ok", "duration_ms": 500.0,
            "group_size": 3}
        assert good["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736" and "x" not in good
        assert (bad["outcome"], bad["level"]) == ("conflict", "info")
        assert (ours["outcome"], ours["level"]) == ("internal", "warning")


def test_sampling_drops_successes_only(capture: Capture) -> None:
    stream = capture(sample=0.0, level="info")
    calls.group_finished("payment", "get_order", [Finished(), Finished(Conflict())], 0.1)
    assert [line["code"] for line in lines(stream.getvalue())] == ["conflict"]


def test_copies_that_ask_twice_a_second_are_written_only_where_that_failed(capture: Capture) -> None:
    stream = capture(level="info")
    calls.group_finished("identity", "read_feed", [Finished(), Finished(Internal())], 0.1)
    assert [line["code"] for line in lines(stream.getvalue())] == ["internal"]


def test_at_level_warning_only_our_own_trouble_is_written(capture: Capture) -> None:
    stream = capture(level="warning")
    calls.group_finished("payment", "get_order", [Finished(), Finished(Conflict()), Finished(Internal())], 0.1)
    assert [line["code"] for line in lines(stream.getvalue())] == ["internal"]


def test_event_groups_are_recorded(capture: Capture) -> None:
    stream = capture(level="info")
    calls.events_handled("matter", "on_paid", [None, "bad value '林静'"], 0.1)
    calls.events_handled("matter", "on_paid", [None, None], 0.1)
    failed, handled = lines(stream.getvalue())
    assert (failed["event"], failed["error"]) == ("bus.event.failed", "bad value [redacted]")
    assert (handled["event"], handled["group_size"]) == ("bus.event.handled", 2)
    assert b'zhongtai_events_total{handler="on_paid",outcome="ok",service="matter"} 3.0' in METRICS.render()


@pytest.mark.parametrize("name", ["name", "payer_name", "ID_NUMBER", "contactMobile", "home-address", "api_key"])
def test_private_names(name: str) -> None:
    assert is_private(name)


@pytest.mark.parametrize("name", ["order_id", "type_name", "routing_key", "key_id", "state", "method", "tokens_left"])
def test_public_names(name: str) -> None:
    assert not is_private(name)


@pytest.fixture
def personal_code() -> Iterator[None]:
    """A service whose contract calls a personal field `code`."""
    register_fields({"code": "personal"})
    yield
    redaction._registered.pop("code")


@pytest.mark.usefixtures("personal_code")
def test_a_service_s_field_does_not_hide_the_infrastructure_s_own_key(capture: Capture) -> None:
    stream = capture(format="json")
    for logger in ("shared_components.bus.server.timer", "zhongtai.calls", "services.library"):
        logging.getLogger(logger).warning("a.b.failed", extra={"code": "till.closed", "facts": {"code": "till.closed"}})
    logging.getLogger("shared_components.bus.server.timer").warning("a.b.failed", extra={"code": "33010619850615002X"})
    *told, shaped = lines(stream.getvalue())
    assert [line["code"] for line in told] == ["till.closed", "till.closed", "[redacted]"]
    assert [line["facts"]["code"] for line in told] == ["[redacted]"] * 3
    assert "330106" not in shaped["code"]


NUMBERS = ["33010619850615002X", "13800138000", "+86 138 0013 8000", "6222 0212 3456 7890 128"]


@given(st.text(), st.sampled_from(NUMBERS), st.text())
def test_a_number_is_found_in_any_text(before: str, canary: str, after: str) -> None:
    if before[-1:].isdigit() or after[:1].isdigit() or after[:1] in " -" or before[-1:] in " -":
        return  # part of a longer number
    assert canary not in scrub(before + canary + after)


@given(st.text())
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)
