"""Tracked files hold no path of one machine, no index address and no secret, and every dependency has its hash."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, tracked_files

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.$}/])/(?:home|root|Users|work|workspace)/[\w.-]+"),
    "an index address": re.compile(r"https?://[^\s\"'<>]*/simple\b|--(?:(?:extra-)?index-url|trusted-host)[ =]\S+"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\\?n?[A-Za-z0-9+/]{16}"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"),
}
TEXTS = {"", ".py", ".md", ".toml", ".yaml", ".yml", ".json", ".lock", ".txt", ".example", ".html", ".js", ".css"}
# A line in which one of these stands on purpose says so itself.
ALLOWED_MARK = "allowed-in-repository"


def findings(text: str) -> list[str]:
    return [
        f"{what}: {match.group()}"
        for line in text.splitlines() if ALLOWED_MARK not in line
        for what, pattern in FORBIDDEN.items() for match in pattern.finditer(line)
    ]  # fmt: skip


def test_no_tracked_file_holds_a_machine_s_path_an_index_address_or_a_secret() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {finding}"
        for path in tracked_files() if path.suffix in TEXTS and path != Path(__file__)
        for finding in findings(path.read_text(encoding="utf-8", errors="replace"))
    ]  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("see /home/someone/zhongtai", "a path of one machine"),
        ("pip install --index-url https://mirror.example/simple x", "an index address"),
        ("AKIA" + "A" * 16, "a cloud key"),
        ("-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkq", "a private key"),
    ],
)
def test_what_is_forbidden_is_recognised(text: str, what: str) -> None:
    assert [finding for finding in findings(text) if finding.startswith(what)]


def test_urls_and_relative_paths_are_no_machine_s_path() -> None:
    assert findings("http://127.0.0.1:8000/work/orders and docs/home/page and ${ROOT}/work/x") == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_every_pinned_dependency_has_its_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    assert pins
    for pin in pins:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", pin), f"{name}: {pin.splitlines()[0]} is not pinned"
        assert "--hash=sha256:" in pin, f"{name}: {pin.splitlines()[0]} has no hash"


def test_the_locks_agree_and_cover_the_dependencies() -> None:
    pinned = {name: dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==(\S+)", (ROOT / name).read_text()))
              for name in ("requirements.lock", "requirements-dev.lock")}  # fmt: skip
    assert pinned["requirements.lock"].items() <= pinned["requirements-dev.lock"].items()


def test_ci_calls_make_test_and_nothing_else() -> None:
    lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text().splitlines()]
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd ", "export "))]
    assert commands == ["exec make test </dev/null"]
