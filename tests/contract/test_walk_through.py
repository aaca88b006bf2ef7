"""An app team that has the wheel and the guide: a test that passes, a change that it sees, a word whether to deploy."""
from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared_components.contracts.store import FILE
from shared_components.runtime.discovery import service_folder
from tests.contract.client_environment import environment
from tests.unit.cli.conftest import Zhongtai, zhongtai
from tests.unit.docs.pages import GUIDES, blocks

__all__ = ["zhongtai"]
APP = "app-permits"
(TEST_OF_THE_GUIDE,) = [
    block.text for block in blocks(GUIDES / "contract-tests.md")
    if block.language == "python" and "contracts/payment.json" in block.text]
# A program of the app, typed by the wheel; the error is a class of its own.
USES_THE_WHEEL = """
from zhongtai_client import Client
from zhongtai_client.errors.payment import OrderUnknown


def test_the_client_is_installed():
    assert Client and OrderUnknown.code == "payment.order-unknown"
"""


@pytest.fixture(scope="module")
def app_python(client_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, and what the guide tells the app to install for its tests."""
    return environment(tmp_path_factory.mktemp("team") / "venv", client_wheel, "pytest", "jsonschema")


def keep_copy(folder: Path, change: Callable[[dict[str, Any]], object] = lambda contract: None) -> None:
    contract = json.loads((service_folder("payment") / FILE).read_text(encoding="utf-8"))
    change(contract)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "payment.json").write_text(json.dumps(contract, ensure_ascii=False), encoding="utf-8")


def run_tests(python: Path, app: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), "-I", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], cwd=app,
                          capture_output=True, text=True, check=False, timeout=120)


def test_the_test_of_the_guide_passes_and_fails_when_the_provider_changes(app_python: Path, tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_payment_contract.py").write_text(TEST_OF_THE_GUIDE, encoding="utf-8")
    (tmp_path / "tests" / "test_client.py").write_text(USES_THE_WHEEL, encoding="utf-8")
    keep_copy(tmp_path / "contracts")
    passed = run_tests(app_python, tmp_path)
    assert passed.returncode == 0, passed.stdout + passed.stderr

    keep_copy(tmp_path / "contracts", lambda contract: (
        contract["methods"]["get_order"]["reply"]["required"].remove("amount_minor"),
        contract["methods"]["create_order"]["request"]["required"].append("purpose")))
    failed = run_tests(app_python, tmp_path)
    assert failed.returncode == 1
    assert "amount_minor" in failed.stdout and "'purpose' is a required property" in failed.stdout


def test_one_command_tells_whether_the_app_may_be_deployed(zhongtai: Zhongtai, tmp_path: Path) -> None:
    registry = tmp_path / "consumers" / APP
    keep_copy(registry)
    assert zhongtai("contracts", "record-deployment", f"{APP}@1.4", "--to", "production").code == 0
    may = zhongtai("contracts", "can-deploy", f"{APP}@1.5", "--to", "production")
    assert (may.code, may.out.strip()) == (0, f"{APP}@1.5 may be deployed to production")
    assert zhongtai("contracts", "can-deploy", "payment", "--to", "production").code == 0

    # The app was tested with a promise that the platform no longer makes.
    keep_copy(registry, lambda contract: contract["methods"].update(
        get_orders=dict(contract["methods"]["get_order"])))
    for what in (f"{APP}@1.5", "payment"):
        may_not = zhongtai("contracts", "can-deploy", what, "--to", "production")
        assert may_not.code == 1 and f"{what} may NOT be deployed to production" in may_not.out
        assert f"breaks {APP}" in may_not.out and "get_orders" in may_not.out
