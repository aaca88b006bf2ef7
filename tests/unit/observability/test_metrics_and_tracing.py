from __future__ import annotations

import pytest

from shared_components.observability import Metrics, TraceContext
from shared_components.observability.tracing import new_traceparent, trace_id_of

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_group_is_counted_by_outcome() -> None:
    metrics = Metrics()
    metrics.record_group("payment", "create_order", {"ok": 7, "conflict": 1}, 0.02)
    metrics.record_group("payment", "create_order", {"ok": 1}, 0.02)
    text = metrics.render().decode()
    assert 'zhongtai_calls_total{method="create_order",outcome="ok",service="payment"} 8.0' in text
    assert 'zhongtai_calls_total{method="create_order",outcome="conflict",service="payment"} 1.0' in text
    assert 'zhongtai_call_group_size_sum{method="create_order",service="payment"} 9.0' in text
    assert 'zhongtai_call_duration_seconds_count{method="create_order",service="payment"} 2.0' in text


def test_gauges_and_counters_of_the_bus() -> None:
    metrics = Metrics()
    metrics.working("payment", 3)
    metrics.working("payment", -1)
    metrics.record_outbox("payment", rows=5, oldest_age_s=1.5)
    metrics.record_dead_letter("payment", "unreadable")
    metrics.record_client_call("payment", "get_order", "ok", 0.1)
    metrics.record_reconnect("rpc-payment")
    metrics.record_events("matter", "on_paid", 2, 0, 0.1)
    text = metrics.render().decode()
    assert 'zhongtai_in_flight{service="payment"} 2.0' in text
    assert 'zhongtai_outbox_lag_seconds{service="payment"} 1.5' in text
    assert 'zhongtai_dead_letters_total{reason="unreadable",service="payment"} 1.0' in text
    assert 'zhongtai_broker_reconnects_total{connection="rpc-payment"} 1.0' in text
    assert 'outcome="failed"' not in text


def test_a_traceparent_survives_the_round_trip() -> None:
    context = TraceContext.parse(TRACE)
    assert context is not None and str(context) == TRACE and context.sampled
    child = context.child()
    assert child.trace_id == context.trace_id and child.span_id != context.span_id
    assert TraceContext.parse(str(child)) == child
    assert trace_id_of(TRACE) == context.trace_id


@pytest.mark.parametrize("text", [
    None, "", "00", TRACE.upper(), TRACE[:-1], TRACE + "-x", TRACE.replace("00-", "ff-", 1),
    "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01", TRACE + "\n",
])
def test_a_malformed_traceparent_begins_a_new_trace(text: str | None) -> None:
    assert TraceContext.parse(text) is None and trace_id_of(text) == ""
    assert TraceContext.continue_or_new(text).trace_id != TraceContext.continue_or_new(text).trace_id


def test_a_later_version_is_read_by_its_known_part() -> None:
    assert TraceContext.parse("01" + TRACE[2:] + "-more") is not None


def test_a_new_trace_is_one_of_its_own() -> None:
    made = {new_traceparent() for _ in range(100)}
    assert len({trace_id_of(text) for text in made}) == 100 and all(map(TraceContext.parse, made))
