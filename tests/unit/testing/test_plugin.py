"""The pytest plugin, as an app's tests meet it."""
from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from shared_components.runtime.discovery import service_folder
from tests.architecture.source import ROOT

NAME = "zhongtai.testing"
APP_TEST = '''
from datetime import timedelta
from zhongtai_client import Client


def test_the_app_pays(zhongtai_stub, fake_clock):
    zhongtai_stub.stub("payment.get_order").returns(state="paid")
    with Client(zhongtai_stub.url) as client:
        assert client.payment.get_order(order_id="pay_1")["state"] == "paid"
    before = fake_clock.now()
    fake_clock.advance(timedelta(days=1))
    assert (fake_clock.now() - before).days == 1


def test_nothing_is_left_of_the_test_before(zhongtai_stub):
    assert zhongtai_stub.services.services == ["payment"]
    assert zhongtai_stub.calls() == []
'''
PLATFORM_TEST = '''
def test_a_whole_platform(zhongtai_platform):
    order = zhongtai_platform.call(
        "payment.create_order", payer_name="林静", lines=[{"item_code": "driving-licence-card", "quantity": 1}])
    assert order["state"] == "created"
'''


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_app.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nzhongtai_contracts = contracts\n")
    plugin = [] if [one for one in entry_points(group="pytest11") if one.name == NAME] else [
        "-p", "shared_components.testing.plugin"]
    path = f"{ROOT}:{ROOT / 'shared_components' / 'client'}"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-p", "no:pytest_nameko", "-p", "no:cacheprovider",
         *plugin, str(folder)], cwd=folder, capture_output=True, text=True, check=False, timeout=390,
        env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin"})


def test_the_package_brings_the_plugin() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    assert import_module(declared[NAME]).zhongtai_stub


def test_an_app_tests_against_the_contracts_that_it_keeps(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    contract = (service_folder("payment") / "contract.json").read_bytes()
    (tmp_path / "contracts" / "payment.json").write_bytes(contract)
    ran = run(tmp_path, APP_TEST)
    assert ran.returncode == 0 and "2 passed" in ran.stdout, ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_an_app_tests_against_a_whole_platform(tmp_path: Path) -> None:
    ran = run(tmp_path, PLATFORM_TEST)
    assert ran.returncode == 0 and "1 passed" in ran.stdout, ran.stdout[-3000:] + ran.stderr
