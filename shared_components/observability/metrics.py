"""Prometheus metrics of the platform. A group of calls touches the registry once, however many calls it has."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

DURATIONS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
GROUP_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """Every metric of one process. Label children are looked up once and kept."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._children: dict[tuple[Any, ...], Any] = {}
        self.calls = self._counter("calls", "Calls answered, by outcome (ok or error category).",
                                   "service", "method", "outcome")
        self.call_seconds = self._histogram("call_duration_seconds", "Time from taking a group to its replies.",
                                            DURATIONS_S, "service", "method")
        self.group_size = self._histogram("call_group_size", "Calls done together in one transaction.",
                                          GROUP_SIZES, "service", "method")
        self.events = self._counter("events", "Events handled, by outcome (ok or failed).",
                                    "service", "handler", "outcome")
        self.event_seconds = self._histogram("event_duration_seconds", "Time to handle a group of events.",
                                             DURATIONS_S, "service", "handler")
        self.client_calls = self._counter("client_calls", "Calls made to other services, by outcome.",
                                          "service", "method", "outcome")
        self.client_seconds = self._histogram("client_call_duration_seconds", "Time from asking to the reply.",
                                              DURATIONS_S, "service", "method")
        self.in_flight = self._gauge("in_flight", "Calls and events being worked on.", "service")
        self.outbox_rows = self._gauge("outbox_rows", "Events committed but not yet published.", "service")
        self.outbox_lag_seconds = self._gauge("outbox_lag_seconds", "Age of the oldest unpublished event.", "service")
        self.evidence_unsealed = self._gauge("evidence_unsealed", "Evidence records not sealed yet.", "service")
        self.evidence_lag_seconds = self._gauge(
            "evidence_lag_seconds", "Age of the oldest evidence record that is not sealed; above 10 is an alarm.",
            "service")
        self.evidence_sealer_seconds = self._gauge(
            "evidence_sealer_seconds", "When this process last sealed evidence, in Unix time.", "service")
        self.unknown_ids = self._counter(
            "unknown_ids", "Ids in calls that lead to no row which the call reaches.", "service", "method")
        self.deprecated_calls = self._counter(
            "deprecated_calls", "Calls of a method that goes after a day, by who still calls it.",
            "service", "method", "caller")
        self.dead_letters = self._counter("dead_letters", "Messages given up.", "service", "reason")
        self.dead_letters_lost = self._counter("dead_letters_not_kept", "Messages given up without a dead letter.",
                                               "service", "why")
        self.dead_letter_level = self._gauge("dead_letter_queue", "Dead letters that wait to be looked at.", "service")
        self.dead_letters_dropped = self._counter("dead_letters_dropped", "Dead letters pushed out by later ones.",
                                                  "service")
        self.redelivered = self._counter("redelivered_messages", "Messages that came again and are served apart.",
                                         "service", "part")
        self.queue_ready = self._gauge("queue_messages_ready", "Messages that wait in a queue of the service.", "queue")
        self.queue_consumers = self._gauge("queue_consumers", "Consumers of a queue of the service.", "queue")
        self.queue_unacknowledged = self._gauge(
            "queue_messages_unacknowledged", "Messages of a queue that this process has in hand.", "queue")
        self.instances = self._gauge("instance_started_seconds", "When this process began to serve, in Unix time.",
                                     "service", "host", "pid", "version")
        self.reconnects = self._counter("broker_reconnects", "Broker connections opened again.", "connection")
        self.edge_connections = self._gauge("edge_connections", "Connections of apps through the edge.", "listener")
        self.edge_bytes = self._counter("edge_bytes", "Bytes passed on, from-apps or to-apps.", "direction")
        self.edge_refusals = self._counter("edge_refusals", "Connections and messages of apps refused.", "reason")
        self.edge_slowed_seconds = self._counter("edge_slowed_seconds", "Time that apps were made to wait for sending "
                                                 "faster than edge.bytes_per_s.", "listener")

    def record_group(self, service: str, method: str, outcomes: Mapping[str, int], duration_s: float) -> None:
        """Record one group. outcomes: how many calls ended how; duration_s: of the group as a whole."""
        for outcome, count in outcomes.items():
            self.child(self.calls, service, method, outcome).inc(count)
        self.child(self.call_seconds, service, method).observe(duration_s)
        self.child(self.group_size, service, method).observe(sum(outcomes.values()))

    def record_events(self, service: str, handler: str, succeeded: int, failed: int, duration_s: float) -> None:
        for outcome, count in (("ok", succeeded), ("failed", failed)):
            if count:
                self.child(self.events, service, handler, outcome).inc(count)
        self.child(self.event_seconds, service, handler).observe(duration_s)

    def record_client_call(self, service: str, method: str, outcome: str, duration_s: float) -> None:
        """A call that this process made. service, method: of the callee; outcome: ok or an error category."""
        self.child(self.client_calls, service, method, outcome).inc()
        self.child(self.client_seconds, service, method).observe(duration_s)

    def record_outbox(self, service: str, *, rows: int, oldest_age_s: float) -> None:
        self.child(self.outbox_rows, service).set(rows)
        self.child(self.outbox_lag_seconds, service).set(oldest_age_s)

    def record_evidence(self, service: str, *, unsealed: int, oldest_age_s: float, looked_at_s: float) -> None:
        self.child(self.evidence_unsealed, service).set(unsealed)
        self.child(self.evidence_lag_seconds, service).set(oldest_age_s)
        self.child(self.evidence_sealer_seconds, service).set(looked_at_s)

    def record_unknown(self, service: str, method: str, count: int) -> None:
        """count: of ids in one group of calls."""
        self.child(self.unknown_ids, service, method).inc(count)

    def record_deprecated(self, service: str, method: str, caller: str) -> None:
        """caller: an app or a service, of which there are few."""
        self.child(self.deprecated_calls, service, method, caller).inc()

    def record_dead_letter(self, service: str, reason: str) -> None:
        """reason: one of a few codes, never a message."""
        self.child(self.dead_letters, service, reason).inc()

    def record_lost_dead_letter(self, service: str, why: str) -> None:
        """why: one of a few texts of ours."""
        self.child(self.dead_letters_lost, service, why).inc()

    def record_dead_letter_level(self, service: str, letters: int, pushed_out: int) -> None:
        """pushed_out: how many went since the last look."""
        self.child(self.dead_letter_level, service).set(letters)
        self.child(self.dead_letters_dropped, service).inc(pushed_out)

    def record_redelivered(self, service: str, part: str) -> None:
        """part: calls or events."""
        self.child(self.redelivered, service, part).inc()

    def record_queue(self, queue: str, ready: int, consumers: int) -> None:
        """queue: of the service's own, so their number is bounded."""
        self.child(self.queue_ready, queue).set(ready)
        self.child(self.queue_consumers, queue).set(consumers)

    def record_in_hand(self, queue: str, count: Callable[[], float]) -> None:
        """count: asked when the metrics are read."""
        self.child(self.queue_unacknowledged, queue).set_function(count)

    def record_instance(self, service: str, host: str, pid: int, version: str, started_s: float) -> None:
        self.child(self.instances, service, host, str(pid), version).set(started_s)

    def record_reconnect(self, connection: str) -> None:
        """connection: what it is for, and whose, as in `rpc-payment`."""
        self.child(self.reconnects, connection).inc()

    def working(self, service: str, change: int) -> None:
        """Calls or events taken (+n) or finished (-n)."""
        self.child(self.in_flight, service).inc(change)

    def render(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)

    def child(self, metric: Any, *labels: str) -> Any:
        """The metric for these labels, looked up once and kept."""
        key = (metric, *labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = metric.labels(*labels)
        return child

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"zhongtai_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"zhongtai_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"zhongtai_{name}", text, labels, registry=self.registry, buckets=buckets)


METRICS = Metrics()
ProcessCollector(registry=METRICS.registry)
GCCollector(registry=METRICS.registry)
