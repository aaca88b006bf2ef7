"""Reconciliation as an operator does it over the bus, at the end of the story of bus_story.py."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from services.payment.reconciliation.adapters.statement_files import StatementFile
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE
from tests.unit.payment.reconciliation.statements import classes, ours, payment
from tests.unit.payment.sandbox.process import sandbox_channel


def reconciled(client: Any, sandbox_url: str, code_of: Callable[[Callable[[], object]], str]) -> dict[str, Any]:
    day = datetime.now(UTC).astimezone(CHANNEL_ZONE).date()
    wanted = {"channel": "sandbox", "date": day.isoformat()}
    with sandbox_channel(sandbox_url, "http://127.0.0.1:9/nowhere") as channel:
        content = channel.statement(day)
    first = client.import_statement(**wanted, content=content.decode())
    seen: dict[str, Any] = {"imported": first["state"]}
    seen["again"] = client.import_statement(**wanted, content=content.decode()) == first
    seen["classes"] = _counts(client.reconcile(**wanted))

    lines = [line for chunk in StatementFile(BytesIO(content), "zhongtai").chunks(day) for line in chunk]
    more = ours(*lines, payment("pay_nobody", occurred_at=lines[0].occurred_at), day=day).decode()
    seen["other content"] = code_of(lambda: client.import_statement(**wanted, content=more))
    client.import_statement(**wanted, content=more, supersede=True)
    seen["open"] = client.reconcile(**wanted)["open_count"]
    (found,) = client.list_differences(date=wanted["date"], **{"class": "missing_here"})["items"]
    done = client.resolve_difference(difference_id=found["difference_id"], note="线下核实")
    seen["resolved"] = [done["state"], done["resolved_by"], client.reconcile(**wanted)["open_count"]]
    seen["statements"] = [each["state"] for each in client.list_statements(channel="sandbox")["items"]]
    seen["malformed"] = code_of(lambda: client.import_statement(**wanted, content="x", supersede=True))
    seen["too large"] = code_of(lambda: client.import_statement(**wanted, content="x" * 150_000))
    seen["no statement"] = code_of(lambda: client.reconcile(channel="sandbox", date="2020-01-01"))
    return seen


def _counts(result: Any) -> dict[str, int]:
    return {f"{kind} {class_}": count for (kind, class_), (count, _, _) in classes(result).items()}
