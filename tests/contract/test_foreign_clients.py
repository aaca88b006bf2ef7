"""Clients in other languages: types from /openapi.json, and a client of the bus that has only docs/wire-format.md."""
from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from services.gateway.adapters.openapi import openapi
from services.gateway.adapters.operations import Operations
from shared_components.runtime.discovery import contract_of, service_names
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
