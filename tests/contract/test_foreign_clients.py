"""Clients in other languages: types from /openapi.json, and a client of the bus that has only docs/wire-format.md."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.gateway.adapters.asyncapi import asyncapi
from services.gateway.adapters.openapi import openapi
from services.gateway.adapters.operations import Operations
from shared_components.kernel.languages import LANGUAGES
from shared_components.runtime.discovery import contract_of, service_names
from shared_components.testing.stub.running import contracts_of, running_stub
from tests.npm_packages import node_modules

NPM = Path(__file__).parent / "npm"
USE = '''
import type { paths, operations } from "./api";

type Order = operations["payment_create_order"]["responses"]["200"]["content"]["application/json"];
type NewOrder = paths["/v1/payment/create-order"]["post"]["requestBody"]["content"]["application/json"];

const order: NewOrder = { payer_name: "林静", lines: [{ item_code: "driving-licence-card", quantity: 1 }] };
export function paid(order: Order): boolean { return order.state === "paid" && order.paid_minor > 0; }
const missing: NewOrder = { lines: [] }; // wrong
export function wrong(order: Order): boolean { return order.paid; } // wrong
const kind: NewOrder = { payer_name: 7, lines: [] }; // wrong
export const all = [order, missing, kind];
'''


def document() -> dict[str, Any]:
    operations = Operations(contract_of(name) for name in service_names() if name != "gateway")
    return openapi(operations, server_url="http://127.0.0.1:8000", longest_timeout_s=30)


@pytest.mark.slow
def test_typescript_finds_a_wrong_field_by_types_from_openapi(tmp_path: Path) -> None:
    modules = node_modules(NPM)
    (tmp_path / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (tmp_path / "use.ts").write_text(USE, encoding="utf-8")
    command = ["node", str(modules / "openapi-typescript/bin/cli.js"), "openapi.json", "-o", "api.d.ts",
               "--default-non-nullable=false"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert made.returncode == 0, made.stderr[-2000:]
    checked = subprocess.run(
        ["node", str(modules / "typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2022", "use.ts"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    found = {int(number) for number in re.findall(r"(?m)^use\.ts\((\d+),", checked.stdout)}
    assert found == {n for n, line in enumerate(USE.splitlines(), 1) if "// wrong" in line}, checked.stdout[-2000:]
    assert "api.d.ts" not in checked.stdout


PARSE = '''
import { Parser } from "@asyncapi/parser";
import { readFileSync } from "node:fs";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const wrong = diagnostics.filter((one) => one.severity === 0).map((one) => `${one.path.join(".")}: ${one.message}`);
console.log(JSON.stringify({ wrong, events: document ? document.allMessages().all().length : 0 }));
'''


@pytest.mark.slow
def test_asyncapi_s_own_parser_finds_no_fault_in_the_events(tmp_path: Path) -> None:
    contracts = [contract_of(name) for name in service_names() if name != "gateway"]
    place = node_modules(NPM).parent
    (place / "parse.mjs").write_text(PARSE, encoding="utf-8")
    for language in LANGUAGES:
        (tmp_path / "asyncapi.json").write_text(json.dumps(asyncapi(contracts, language)), encoding="utf-8")
        ran = subprocess.run(
            ["node", str(place / "parse.mjs"), str(tmp_path / "asyncapi.json")], capture_output=True, text=True,
            check=False, timeout=100)
        assert ran.returncode == 0, ran.stderr[-2000:]
        assert json.loads(ran.stdout) == {"wrong": [], "events": sum(len(one.events) for one in contracts)}


GENERATED = '''
import sys
from zhongtai_generated import AuthenticatedClient
from zhongtai_generated.api.payment import payment_get_order
from zhongtai_generated.models.payment_get_order_input import PaymentGetOrderInput

client = AuthenticatedClient(base_url=sys.argv[1], token="key")
order = payment_get_order.sync(client=client, body=PaymentGetOrderInput(order_id="pay_1"))
print(order.state, order.amount_minor)
'''


@pytest.mark.slow
def test_a_client_of_openapi_python_client_calls_a_method(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (tmp_path / "config.yaml").write_text("package_name_override: zhongtai_generated\npost_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--config",
               "config.yaml", "--meta", "none", "--output-path", "zhongtai_generated"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert made.returncode == 0, made.stdout[-1000:] + made.stderr[-1000:]
    with running_stub(contracts_of(("payment",))) as stub:
        ran = subprocess.run(
            [sys.executable, "-c", GENERATED, stub.http_url], cwd=tmp_path, capture_output=True, text=True,
            check=False, timeout=100)
    assert (ran.returncode, ran.stdout.split()[-1:]) == (0, ["1000"]), ran.stderr[-1500:]
