"""`make up` says what is wrong before it starts servers, and fails when the platform runs without its seed."""
from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.cli import run
from shared_components.devstack import stack
from shared_components.devstack.sandbox import Sandbox


def test_a_missing_seed_is_a_failure_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stack, "_ready", lambda: True)
    stack.FOLDER.mkdir(parents=True)
    stack.LOG.write_text(f"{run.SEED_FAILED}not running after 60 s: matter [cli.seed-failed]\nzhongtai runs: matter\n")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as keeper:
        assert stack._await(keeper, 5.0) == 1
        assert keeper.wait(20) != 0
    assert "not running after 60 s: matter" in capsys.readouterr().out


def test_wrong_workers_are_told_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setattr(stack, "_await", lambda keeper, timeout_s: pytest.fail("the keeper was started"))
    assert stack.main(["up", "--workers", "foo:3"]) == 2
    assert "--workers names 'foo'; the services to run are: elicence, gateway," in capfd.readouterr().err
    assert not stack.FOLDER.exists()


def test_a_chosen_port_is_among_what_is_to_be_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHONGTAI_HTTP_PORT", "8080")
    stack.FOLDER.mkdir(parents=True)
    stack.LOG.write_text("HTTP         http://127.0.0.1:8080  (documentation at /docs)\n")
    stack._write_state(1, {"ZHONGTAI_BROKER_URL": "amqp://a", **stack._chosen_port()})
    stack._report()
    assert capsys.readouterr().out.splitlines()[2:] == [
        "export ZHONGTAI_BROKER_URL=amqp://a", "export ZHONGTAI_HTTP_PORT=8080"]


def test_the_settings_of_the_sandbox_are_told_as_the_run_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    stack.FOLDER.mkdir(parents=True)
    with stack.LOG.open("w") as log, contextlib.redirect_stderr(log):
        run._greet({"http": {"host": "127.0.0.1", "port": 8080}, "database": {"url": "postgresql://"}}, ["gateway"],
                   Sandbox(Path("var/sandbox-2"), 1, "http://127.0.0.1:1", "m", "s", "k"))
    stack._report()
    assert capsys.readouterr().out.splitlines()[1:3] == [
        "log in var/stack/platform.log; `make down` stops it",
        "settings in var/sandbox-2/zhongtai.yaml (for commands beside it: zhongtai -c var/sandbox-2/zhongtai.yaml …)"]


def test_down_says_what_to_take_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    """An exported address of what has ended makes every later command fail."""
    monkeypatch.chdir(tmp_path)
    stack.FOLDER.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as keeper:
        stack._write_state(keeper.pid, {"ZHONGTAI_BROKER_URL": "amqp://a", "ZHONGTAI_DATABASE_URL": "postgresql://a"})
        assert stack.main(["down"]) == 0
    stopped, kept, unset = capsys.readouterr().out.splitlines()
    assert kept.startswith("nothing is kept: the servers are another's")
    assert [stopped, unset] == [
        "stopped", "unset ZHONGTAI_BROKER_URL ZHONGTAI_DATABASE_URL  # where its `export` lines were used"]
