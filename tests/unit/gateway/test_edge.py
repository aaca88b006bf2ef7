"""Promises of the outermost layer: no exception leaves, nothing personal is logged, a limit of work at once."""
from __future__ import annotations

import asyncio
import json
import logging
import threading

import httpx
import pytest

from services.gateway.adapters import probes
from services.gateway.domain.apps import DEMO_KEY
from services.gateway.domain.errors import Overloaded
from shared_components.kernel.errors import AppError, Internal
from shared_components.observability.health import Health, Report
from tests.unit.gateway.fake_bus import Asked
from tests.unit.gateway.world import APPS, KEY_A, URL, Edge, healthy, problem_of

CANARY = "33010619850615002X"


@pytest.mark.parametrize("error", [
    RuntimeError(CANARY), KeyError(CANARY), TypeError(CANARY), ValueError(CANARY), RecursionError(CANARY),
    Internal(CANARY), AppError(CANARY, details={"a": CANARY}),
])
def test_a_bug_is_answered_with_its_trace_id_and_nothing_more(error: Exception) -> None:
    problem = problem_of(Edge({"till.read": error}).read(headers={"Accept-Language": "en"}), 500, "internal")
    assert set(problem) == {"type", "title", "status", "detail", "code", "category", "trace_id"}
    assert (problem["title"], problem["detail"]) == ("Internal error.", "Internal error.")


def test_a_bug_is_logged_once_with_the_trace_id_of_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    answer = Edge({"till.read": RuntimeError("what went wrong")}).read()
    (crash,) = [record for record in caplog.records if record.message == "http.request.crashed"]
    assert crash.trace_id == answer.json()["trace_id"]  # type: ignore[attr-defined]
    assert crash.exc_info is not None


def test_one_line_a_request_says_what_happened_and_nothing_of_its_content(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "zhongtai.http")
    edge = Edge()
    canaries = {"Authorization": f"Bearer {KEY_A}", "X-Custom": CANARY, "User-Agent": CANARY, "Cookie": CANARY}
    edge.ask(f"/v1/till/read?name={CANARY}", json={"order_id": CANARY}, headers={**canaries, "X-Request-Id": "mine"})
    edge.ask(f"/v1/till/{CANARY}", json={}, headers=canaries)
    edge.ask(f"/{CANARY}", "GET", headers=canaries)
    edge.ask(f"/callbacks/matter/{CANARY}/{CANARY}", content=CANARY.encode(), headers=canaries)
    lines = [record.__dict__ for record in caplog.records if record.message == "http.request.finished"]
    told = json.dumps(lines, default=str)
    assert CANARY not in told
    assert KEY_A not in told
    assert [(line["method"], line["path"], line["app"], line["status"], line["outcome"]) for line in lines] == [
        ("POST", "/v1/till/read", "app-a", 200, "ok"),
        ("POST", "/v1/{service}/{method}", "", 404, "gateway.path-unknown"),
        ("GET", "(unknown)", "", 404, "gateway.path-unknown"),
        ("POST", "/callbacks/matter/{case_id}/{step}", "", 401, "security.signature-missing"),
    ]
    assert lines[0]["request_id"] == "mine"
    assert len(lines[0]["trace_id"]) == 32


def test_good_requests_are_logged_by_sample_and_refused_ones_always(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "zhongtai.http")
    edge = Edge(sample=0.0)
    edge.read()
    edge.read(key="wrong")
    edge.ask("/live", "GET")
    assert [record.status for record in caplog.records if record.name == "zhongtai.http"] == [401]  # type: ignore[attr-defined]


def test_more_at_once_than_allowed_is_503_and_serves_again_afterwards() -> None:
    asyncio.run(_overloaded())


async def _overloaded() -> None:
    free = asyncio.Event()

    async def wait(asked: Asked) -> dict[str, str]:
        await free.wait()
        return {"state": "open"}

    edge = Edge({"till.read": wait}, max_in_flight=3)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=edge.app), base_url=URL, headers={"Authorization": f"Bearer {KEY_A}"})
    async with client:
        waiting = [asyncio.create_task(client.post("/v1/till/read", json={})) for _ in range(3)]
        while len(edge.bus.asked) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0)
        refused = [await client.post("/v1/till/read", json={}) for _ in range(5)]
        assert [answer.headers["retry-after"] for answer in refused] == ["1"] * 5
        problem_of(refused[0], 503, Overloaded.code)
        assert (await client.get("/ready")).status_code == 200  # who looks after it still sees it
        free.set()
        assert [(await task).status_code for task in waiting] == [200] * 3
        assert (await client.post("/v1/till/read", json={})).status_code == 200


@pytest.mark.parametrize("path", ["/live", "/ready"])
def test_probes_say_what_is_wrong(path: str) -> None:
    health = healthy()
    edge = Edge(health=health)
    assert (edge.ask(path, "GET", key=None).status_code, edge.ask(path, "GET").json()["status"]) == (200, "ok")
    health.add_readiness("bus", lambda: "no connection to the broker")
    answer = edge.ask(path, "GET", key=None)
    assert answer.status_code == (503 if path == "/ready" else 200)
    if path == "/ready":
        assert answer.json()["checks"]["bus"] == {"ok": False, "reason": "no connection to the broker"}
    assert "暂不可用" in edge.ask("/", "GET").text
    assert "not ready" in edge.ask("/?lang=en", "GET").text


def test_a_check_that_hangs_fails_and_the_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "CHECK_TIMEOUT_S", 0.05)
    health, free = healthy(), threading.Event()
    health.add_readiness("database", lambda: str(free.wait()))

    async def ask() -> Report:
        try:
            return await probes.run_checks(health.readiness_checks())
        finally:
            free.set()

    assert asyncio.run(ask()).to_dict() == {"status": "failing", "checks": {
        "database": {"ok": False, "reason": "no answer within 0.05 s"}, "http": {"ok": True}}}


def test_nothing_vouches_for_a_process_without_checks() -> None:
    assert Edge(health=Health()).ask("/live", "GET").status_code == 503


def test_metrics_are_at_the_edge_only_where_there_is_no_health_port() -> None:
    alone = Edge()
    alone.read()
    metrics = alone.ask("/metrics", "GET", key=None)
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'zhongtai_http_requests_total{method="POST",path="/v1/till/read",status="200"}' in metrics.text
    deployed = Edge(health_port=8080)
    problem = problem_of(deployed.ask("/metrics", "GET", key=None), 404, "gateway.path-unknown")
    assert "/metrics" not in problem["details"]["available"]
    assert "/metrics" not in deployed.ask("/", "GET").text
    assert "/metrics" in alone.ask("/", "GET").text


def test_the_values_that_metrics_have_are_bounded() -> None:
    edge = Edge()
    for number in range(20):
        edge.ask(f"/nothing-{number}", f"METHOD{number}")
        edge.ask(f"/v1/till/nothing-{number}")
        edge.ask(f"/callbacks/payment/channel-{number}", content=b"")
    assert "-19" not in edge.ask("/metrics", "GET").text
    assert "METHOD" not in edge.ask("/metrics", "GET").text


# configuration

def test_development_has_the_demo_app_and_production_nobody() -> None:
    assert Edge(apps=[]).read(key=DEMO_KEY).status_code == 200
    problem_of(Edge(apps=[], environment="production").read(key=DEMO_KEY), 401, "gateway.key-unknown")
    problem_of(Edge(apps=APPS).read(key=DEMO_KEY), 401, "gateway.key-unknown")
