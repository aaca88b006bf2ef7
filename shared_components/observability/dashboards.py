"""Grafana dashboards, made from the metrics of this code: `python -m shared_components.observability.dashboards`.

Each panel names metrics that exist; a test refuses others, and files that were changed by hand.
"""
from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "deploy" / "grafana"
WIDTH, HEIGHT, COLUMNS = 8, 7, 3
RATE = "$__rate_interval"


@dataclass(frozen=True)
class Panel:
    """expression: PromQL. legend: of Grafana, such as {{service}}. unit: Grafana's name of it."""

    title: str
    expression: str
    legend: str = "{{service}}"
    unit: str = "short"


def rate(metric: str, by: str = "service", matching: str = "") -> str:
    return f"sum by ({by}) (rate({metric}{{{matching}}}[{RATE}]))"


def p95(metric: str, by: str = "service", matching: str = "") -> str:
    return f"histogram_quantile(0.95, sum by ({by}, le) (rate({metric}_bucket{{{matching}}}[{RATE}])))"


OURS = 'outcome=~"internal|unavailable|outcome-unknown"'
OF_SERVICE = 'service=~"$service"'

DASHBOARDS: Mapping[str, tuple[str, Sequence[Panel]]] = {
    "overview": ("中台总览 Overview", (
        Panel("HTTP 请求 Requests a second", rate("zhongtai_http_requests_total", "status"), "{{status}}", "reqps"),
        Panel("HTTP 95% 耗时 95 % of the requests within", p95("zhongtai_http_request_duration_seconds", "method"),
              "{{method}}", "s"),
        Panel("调用 Calls a second", rate("zhongtai_calls_total"), unit="ops"),
        Panel("平台原因失败 Calls that fail by our fault", rate("zhongtai_calls_total", matching=OURS), unit="ops"),
        Panel("排队的调用消息 Messages of calls that wait",
              'max by (queue) (zhongtai_queue_messages_ready{queue=~"rpc-.*"})', "{{queue}}"),
        Panel("进程数 Processes", "count by (service) (zhongtai_instance_started_seconds)"),
        Panel("在途 Calls and events at work", "sum by (service) (zhongtai_in_flight)"),
        Panel("死信 Dead letters", "max by (service) (zhongtai_dead_letter_queue)"),
        Panel("事件待发布时长 Age of the oldest unpublished event", "max by (service) (zhongtai_outbox_lag_seconds)",
              unit="s"),
    )),
    "service": ("单个服务 A service", (
        Panel("各方法调用 Calls a second", rate("zhongtai_calls_total", "method", OF_SERVICE), "{{method}}", "ops"),
        Panel("各方法 95% 耗时 95 % of the calls within",
              p95("zhongtai_call_duration_seconds", "method", OF_SERVICE), "{{method}}", "s"),
        Panel("结果 Outcomes", rate("zhongtai_calls_total", "outcome", OF_SERVICE), "{{outcome}}", "ops"),
        Panel("每组调用数 Calls done together (95 %)", p95("zhongtai_call_group_size", "method", OF_SERVICE),
              "{{method}}"),
        Panel("事件 Events handled", rate("zhongtai_events_total", "handler, outcome", OF_SERVICE),
              "{{handler}} {{outcome}}", "ops"),
        Panel("事件 95% 耗时 95 % of the events within",
              p95("zhongtai_event_duration_seconds", "handler", OF_SERVICE), "{{handler}}", "s"),
        Panel("对其他服务的调用 Calls to other services", rate("zhongtai_client_calls_total", "service, outcome"),
              "{{service}} {{outcome}}", "ops"),
        Panel("对其他服务 95% 耗时 95 % of these within", p95("zhongtai_client_call_duration_seconds"), unit="s"),
        Panel("内存 Memory of the process", "process_resident_memory_bytes", "{{instance}}", "bytes"),
        Panel("CPU", f"rate(process_cpu_seconds_total[{RATE}])", "{{instance}}"),
        Panel("即将停用方法的调用 Calls of methods that go",
              rate("zhongtai_deprecated_calls_total", "method, caller", OF_SERVICE),
              "{{method}} {{caller}}", "ops"),
        Panel("未知编号 Unknown ids", rate("zhongtai_unknown_ids_total", "method", OF_SERVICE), "{{method}}", "ops"),
    )),
    "bus": ("消息总线 Bus", (
        Panel("排队消息 Messages that wait", "max by (queue) (zhongtai_queue_messages_ready)", "{{queue}}"),
        Panel("处理中消息 Messages in hand", "sum by (queue) (zhongtai_queue_messages_unacknowledged)", "{{queue}}"),
        Panel("消费者 Consumers", "max by (queue) (zhongtai_queue_consumers)", "{{queue}}"),
        Panel("待发布事件 Unpublished events", "max by (service) (zhongtai_outbox_rows)"),
        Panel("新增死信 New dead letters", rate("zhongtai_dead_letters_total", "service, reason"),
              "{{service}} {{reason}}", "ops"),
        Panel("丢失的死信 Dead letters lost",
              f"{rate('zhongtai_dead_letters_dropped_total')} or {rate('zhongtai_dead_letters_not_kept_total')}",
              unit="ops"),
        Panel("重复投递 Redelivered messages", rate("zhongtai_redelivered_messages_total", "service, part"),
              "{{service}} {{part}}", "ops"),
        Panel("重连 Reconnections", rate("zhongtai_broker_reconnects_total", "connection"), "{{connection}}", "ops"),
        Panel("AMQP 代理连接 Connections of apps", "sum(zhongtai_edge_connections)", "connections"),
        Panel("AMQP 代理流量 Bytes of apps", rate("zhongtai_edge_bytes_total", "direction"), "{{direction}}", "Bps"),
        Panel("AMQP 代理拒绝 Refusals of apps", rate("zhongtai_edge_refusals_total", "reason"), "{{reason}}", "ops"),
        Panel("AMQP 代理限速 Seconds that apps wait", rate("zhongtai_edge_slowed_seconds_total", "listener"),
              "{{listener}}", "s"),
    )),
    "money": ("资金 Money", (
        Panel("订单 Orders a second",
              rate("zhongtai_calls_total", "outcome", 'service="payment",method="create_order"'), "{{outcome}}", "ops"),
        Panel("支付通知 Channel notifications",
              rate("zhongtai_calls_total", "outcome", 'service="payment",method="apply_channel_notification"'),
              "{{outcome}}", "ops"),
        Panel("退款 Refunds", rate("zhongtai_calls_total", "outcome", 'service="payment",method="refund_order"'),
              "{{outcome}}", "ops"),
        Panel("支付通知 95% 耗时 95 % of the notifications within",
              p95("zhongtai_call_duration_seconds", "method", 'service="payment",method="apply_channel_notification"'),
              "{{method}}", "s"),
        Panel("无法关账的营业日 Days that cannot be closed", "sum(increase(zhongtai_books_refused_total[1h]))",
              "tenants"),
        Panel("未封存的使用记录 Use records not sealed", "max by (service) (zhongtai_evidence_unsealed)"),
        Panel("封存延迟 Age of the oldest of them", "max by (service) (zhongtai_evidence_lag_seconds)", unit="s"),
        Panel("距上次封存 Seconds since the last seal",
              "time() - max by (service) (zhongtai_evidence_sealer_seconds)", unit="s"),
    )),
    "cases": ("办件 Cases", (
        Panel("办件调用 Calls of matter", rate("zhongtai_calls_total", "method", 'service="matter"'),
              "{{method}}", "ops"),
        Panel("办件 95% 耗时 95 % within", p95("zhongtai_call_duration_seconds", "method", 'service="matter"'),
              "{{method}}", "s"),
        Panel("步骤调用 Calls that steps make", rate("zhongtai_client_calls_total", "service, method"),
              "{{service}}.{{method}}", "ops"),
        Panel("事件 Events of matter", rate("zhongtai_events_total", "handler, outcome", 'service="matter"'),
              "{{handler}} {{outcome}}", "ops"),
        Panel("通知 Messages sent", rate("zhongtai_calls_total", "outcome", 'service="notification",method="send"'),
              "{{outcome}}", "ops"),
        Panel("证照 Licences issued", rate("zhongtai_calls_total", "outcome", 'service="elicence",method="issue"'),
              "{{outcome}}", "ops"),
    )),
}


def dashboard(name: str) -> dict[str, Any]:
    title, panels = DASHBOARDS[name]
    return {
        "uid": f"zhongtai-{name}", "title": title, "tags": ["zhongtai"], "schemaVersion": 38, "version": 1,
        "editable": False, "timezone": "browser", "refresh": "10s", "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_datasource(), *([_services()] if name == "service" else [])]},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}


def _services() -> dict[str, Any]:
    query = "label_values(zhongtai_instance_started_seconds, service)"
    return {"name": "service", "type": "query", "query": query, "definition": query, "refresh": 2,
            "datasource": {"type": "prometheus", "uid": "${datasource}"}}


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${datasource}"}
    return {
        "id": number + 1, "type": "timeseries", "title": panel.title, "datasource": source,
        "gridPos": {"x": number % COLUMNS * WIDTH, "y": number // COLUMNS * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [{"refId": "A", "datasource": source, "expr": panel.expression, "legendFormat": panel.legend}],
    }


def text_of(name: str) -> str:
    return json.dumps(dashboard(name), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in DASHBOARDS:
        (FOLDER / f"{name}.json").write_text(text_of(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
