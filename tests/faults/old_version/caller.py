"""Client of the old version: reads calls from standard input, one JSON line each, and writes what came back.

Runs by its path in the old version's folder, so that `shared_components` is the old one.
"""
from __future__ import annotations

import json
import sys
from typing import Any

from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError, OutcomeUnknown


def main(url: str, caller: str, tenant: str) -> None:
    with BusClient(url, caller=caller, tenant=tenant) as client:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(_answer(client, json.loads(line)), default=str) + "\n")
            sys.stdout.flush()


def _answer(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    method = getattr(getattr(client, asked["service"]), asked["method"])
    try:
        return {"reply": method(**asked["kwargs"], op_id=asked["op_id"], timeout_s=asked["timeout_s"])}
    except AppError as error:
        return {"code": error.code, "message": error.message, "unknown": isinstance(error, OutcomeUnknown)}


if __name__ == "__main__":
    main(*sys.argv[1:])
