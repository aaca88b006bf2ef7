"""The types, errors and stubs of zhongtai_client are those of the contracts, and mypy finds a wrong field by them."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.contracts.clients.python_package import python_package
from shared_components.contracts.clients.typed_dicts import TypedDicts
from shared_components.contracts.json_schema import ContractInvalid
from shared_components.kernel.errors import error_from_wire, known_errors
from shared_components.runtime.client_contracts import exported_contracts
from shared_components.runtime.discovery import service_folder, service_names
from tests.contract.client_environment import CLIENT
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
PACKAGE = CLIENT / "zhongtai_client"
USE = '''
from typing import assert_type
from zhongtai_client import AsyncClient, Client
from zhongtai_client.errors.payment import OrderUnknown
from zhongtai_client.types.payment import GetOrderReply

client = Client("amqp://app-demo:secret@127.0.0.1/")
order = client.payment.create_order(payer_name="林静", lines=[{"item_code": "driving-licence-card", "quantity": 1}])
assert_type(client.payment.get_order(order_id=order["order_id"]), GetOrderReply)
client.with_context(token="t").payment.create_order(payer_name="林静", lines=[])
client.payment.create_order(payer="林静", lines=[])  # wrong: argument
client.payment.create_order(payer_name="林静", lines=[{"item": "card"}])  # wrong: field of a line
order["paid"]  # wrong: field of a reply
client.payment.get_order(order_id=7)  # wrong: type
client.payment.get_ordr(order_id="pay_1")  # wrong: method
client.paymnet  # wrong: service

async def ask(client: AsyncClient) -> str:
    return (await client.payment.get_order(order_id="pay_1"))["state"]
'''


def test_the_files_are_what_the_contracts_say() -> None:
    files = python_package(exported_contracts(service_names()))
    stale = [name for name, text in files.items() if (PACKAGE / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `zhongtai contracts export`"
    written = {str(path.relative_to(PACKAGE)) for folder in ("errors", "services", "types")
               for path in (PACKAGE / folder).glob("*.py*")}  # fmt: skip
    by_hand = {f"{folder}/__init__.py" for folder in ("errors", "services", "types")} | {"errors/bus.py"}
    assert written == set(files) | by_hand, "a file of a service that is gone"


@pytest.mark.slow
def test_mypy_finds_a_wrong_field(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(USE, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "app.py"], cwd=tmp_path,
        capture_output=True, text=True, check=False, env={"MYPYPATH": str(CLIENT), "PATH": "/usr/bin:/bin"})
    found = {int(number) for number in re.findall(r"(?m)^app\.py:(\d+): error", ran.stdout)}
    wrong = {number for number, line in enumerate(USE.splitlines(), 1) if "# wrong" in line}
    assert found == wrong, ran.stdout + ran.stderr


def test_an_error_comes_as_the_class_of_its_code_beside_the_service_s_own() -> None:
    from zhongtai_client.errors import NotFound, as_client_error
    from zhongtai_client.errors.payment import OrderUnknown

    from services.payment.orders.domain.errors import OrderUnknown as Own

    wire = Own().to_wire()
    error = as_client_error(error_from_wire(wire))
    assert isinstance(error, OrderUnknown) and isinstance(error, NotFound)
    assert error.to_wire() == wire
    # A service goes on to meet its own class.
    assert known_errors()[Own.code] is Own
    strange = error_from_wire({**wire, "code": "payment.not-yet-known"})
    assert as_client_error(strange) is strange


def test_an_app_writes_the_types_of_the_contracts_that_it_keeps(zhongtai: Zhongtai, tmp_path: Path) -> None:
    kept = tmp_path / "contracts"
    kept.mkdir()
    contract = json.loads((service_folder("payment") / "contract.json").read_text(encoding="utf-8"))
    (kept / "payment.json").write_text(json.dumps(contract), encoding="utf-8")
    assert zhongtai("clients", "python", "out", "--contracts", "contracts").code == 0
    assert (tmp_path / "out/types/payment.py").read_bytes() == (PACKAGE / "types/payment.py").read_bytes()
    assert not (tmp_path / "out/types/matter.py").exists()


@pytest.mark.parametrize(("text", "said"), [
    (None, "has no contract"), ("{", "is not JSON"), ("{}", "has no service")])
def test_a_folder_without_a_readable_contract_is_one_line(
    zhongtai: Zhongtai, tmp_path: Path, text: str | None, said: str,
) -> None:
    (tmp_path / "contracts").mkdir()
    if text is not None:
        (tmp_path / "contracts" / "payment.json").write_text(text)
    ran = zhongtai("clients", "python", "out", "--contracts", "contracts")
    assert (ran.code, ran.err.count("\n")) == (1, 1) and said in ran.err and "contracts" in ran.err


def test_a_field_that_python_cannot_name_is_refused() -> None:
    with pytest.raises(ContractInvalid, match="'from'"):
        list(TypedDicts(sending=True).parameters({"properties": {"from": {"type": "string"}}}, "Ask"))
