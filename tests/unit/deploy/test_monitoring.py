"""Alerts and dashboards: each alert fires by its fault, and each metric that is named exists."""
from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import services.gateway.adapters.http_metrics
import services.payment.ledger.adapters.metrics  # noqa: F401 - registers its metrics
from shared_components.devstack import binaries
from shared_components.observability import dashboards
from shared_components.observability.metrics import METRICS

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "prometheus"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"] for rule in group["rules"]]
GUIDE = (ROOT / "docs" / "guides" / "operations.md").read_text()
NAME = re.compile(r"\b((?:zhongtai|process|python)_\w+)\b")


def known_metrics() -> set[str]:
    """Names as Prometheus stores them: of a histogram its three series."""
    suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
    return {family.name + suffix for family in METRICS.registry.collect() for suffix in suffixes.get(family.type, [""])}


def expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for name, (_, panels) in dashboards.DASHBOARDS.items():
        for panel in panels:
            yield f"{name}: {panel.title}", panel.expression


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_each_metric_that_is_named_exists(where: str, expression: str) -> None:
    named = set(NAME.findall(expression))
    assert named and named <= known_metrics(), where


def test_each_metric_of_ours_is_on_a_dashboard_or_in_an_alert() -> None:
    named = {name for _, expression in expressions() for name in NAME.findall(expression)}
    used = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in named}
    ours = {family.name for family in METRICS.registry.collect() if family.name.startswith("zhongtai_")}
    assert ours - used <= {"zhongtai_http_rotating_key_uses"}, "for one command of the guide"


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binaries.promtool(), *arguments], cwd=FOLDER, capture_output=True, text=True, check=False, timeout=100)


def test_the_alerts_pass_their_unit_tests() -> None:
    checked = promtool("check", "rules", "rules.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = promtool("test", "rules", "tests.yml")
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_a_rule_that_never_fires_is_caught(tmp_path: Path) -> None:
    for name in ("rules.yml", "tests.yml"):
        text = (FOLDER / name).read_text()
        (tmp_path / name).write_text(text.replace("outbox_lag_seconds) > 60", "outbox_lag_seconds) > 600"))
    done = subprocess.run([binaries.promtool(), "test", "rules", "tests.yml"], cwd=tmp_path, capture_output=True,
                          text=True, check=False, timeout=100)
    assert (done.returncode, "OutboxLate" in done.stdout + done.stderr) == (1, True)


def test_the_configuration_of_prometheus_is_valid() -> None:
    checked = promtool("check", "config", "prometheus.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_each_alert_is_tested_says_what_to_do_and_leads_to_the_guide(rule: dict[str, Any]) -> None:
    tested = yaml.safe_load((FOLDER / "tests.yml").read_text())["tests"]
    assert f"{rule['alert']} fires" in [one["name"] for one in tested]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert set(rule["annotations"]) == {"summary", "summary_zh", "action", "runbook"}
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert page == "docs/guides/operations.md"
    anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
               for heading in re.findall(r"(?m)^#+ (.+)$", GUIDE)}
    assert anchor in anchors, f"{anchor} is no section of the guide"


@pytest.mark.parametrize("name", sorted(dashboards.DASHBOARDS))
def test_a_dashboard_is_as_the_code_makes_it(name: str) -> None:
    text = (dashboards.FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert text == dashboards.text_of(name), "run python -m shared_components.observability.dashboards"
    places = [tuple(panel["gridPos"].values()) for panel in json.loads(text)["panels"]]
    assert len(set(places)) == len(places)
