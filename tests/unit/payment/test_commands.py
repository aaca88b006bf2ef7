"""`zhongtai payment …` as people type it: embedded defaults, the real sandbox server, no callback that ever comes."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.payment.commands.transactions import SERVICE, PaymentTransactions, yuan
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE
from services.payment.schemas import EVENTS
from services.payment.service import PaymentService
from shared_components.configuration.loading import load_configuration
from shared_components.db import outbox
from shared_components.evidence_log.events import EVIDENCE_SEALED
from tests.unit.cli.conftest import Ran, Zhongtai, zhongtai
from tests.unit.payment.reconciliation.statements import wechat, wechat_line
from tests.unit.payment.sandbox.process import MERCHANT, SECRET, sandbox_process
from tests.unit.payment.sandbox.test_sandbox_statement import act
from tests.unit.payment.steps import make_orders, order_of, start
from tests.unit.payment.world import TENANT

__all__ = ["zhongtai"]
TODAY = datetime.now(UTC).astimezone(CHANNEL_ZONE).date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def payment(zhongtai: Zhongtai, tmp_path: Path) -> Any:
    """Runs `zhongtai payment …` on a migrated database."""
    assert zhongtai("migrate", "payment").code == 0

    def run(*arguments: str) -> Ran:
        return zhongtai("payment", *arguments)

    return run


@pytest.fixture
def sandbox(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Its configuration, with callbacks that are all lost."""
    with sandbox_process("--loss", "1") as url:
        path = tmp_path / "zhongtai.yaml"
        path.write_text(json.dumps({
            "bus": {"default_tenant": TENANT},
            "services": {"payment": {"sandbox": {
                "base_url": url, "merchant_id": MERCHANT, "secret": SECRET, "notify_url": "http://127.0.0.1:9/lost",
            }}},
        }))
        monkeypatch.setenv("ZHONGTAI_CONFIG", str(path))
        yield path


def bill(path: Path, *lines: str, amounts: str) -> str:
    path.write_bytes(wechat(*lines, amounts=amounts).encode("gb18030"))
    return str(path)


def test_a_day_of_lost_callbacks_from_the_payers_click_to_the_books(
    sandbox: Path, zhongtai: Zhongtai, payment: Any
) -> None:
    transactions = PaymentTransactions(load_configuration(sandbox, environ={}), None)
    orders = [str(order["order_id"]) for order in make_orders(transactions, 5)]
    for order_id in orders:
        act(start(transactions, order_id)["pay_url"])

    assert payment("statement", "fetch", "day.csv", "--channel", "sandbox", "--date", str(TODAY)).code == 0
    imported = payment("statement", "import", "day.csv", "--channel", "sandbox", "--date", str(TODAY), "--json")
    assert (imported.code, imported.data["state"], imported.data["line_count"]) == (0, "complete", 5)
    ran = payment("reconcile", str(TODAY), "--check")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[1].split("\t") == [
        "sandbox", str(TODAY), "payment", "matched", "5", "50.00", "50.00", "0.00",
    ]
    assert "0 open, 5 asked of the channel, fees 0.00 元 on the books" in ran.err
    assert {order_of(transactions, order_id)["state"] for order_id in orders} == {"paid"}
    balance = payment("ledger", "balance")
    assert balance.code == 0 and "channel-clearing/sandbox\t50.00\t0.00\t50.00" in balance.out
    with transactions.database.reading(["*"]) as session:
        assert outbox.lag(session).waiting >= 5, "the service publishes what the command did"
    transactions.close()
    assert "complete" in payment("statement", "list").out


def test_differences_are_shown_and_resolved(payment: Any, tmp_path: Path) -> None:
    file = bill(tmp_path / "bill.csv", wechat_line(at=f"{YESTERDAY} 10:00:00"), amounts="12.34")
    assert payment("statement", "import", file, "--channel", "wechat", "--date", str(YESTERDAY)).code == 0
    ran = payment("reconcile", str(YESTERDAY), "--channel", "wechat", "--check", "--json")
    assert (ran.code, ran.data[0]["open_count"], ran.data[0]["asked_count"]) == (1, 1, 0)
    (found,) = payment("differences", "--date", str(YESTERDAY), "--json").data["items"]
    assert (found["class"], found["there"]["amount_minor"]) == ("missing_here", 1234)
    shown = payment("differences").out
    assert "wechat/payment/4200000001\tmissing_here\topen\t2\t12.34 succeeded\t-\t-" in shown
    done = payment("resolve", found["difference_id"], "--note", "线下收款", "--by", "会计甲", "--json")
    assert (done.data["state"], done.data["resolved_by"]) == ("resolved", "会计甲")
    assert payment("reconcile", str(YESTERDAY), "--check").code == 0
    assert payment("differences").out.strip() == "tenant 'default': no such difference"
    again = payment("resolve", found["difference_id"], "--note", "x")
    assert (again.code, "payment.difference-resolved" in again.err) == (1, True)


def test_fees_are_shown_with_the_statement_its_reconciliation_and_in_the_books(payment: Any, tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(wechat(wechat_line(at=f"{YESTERDAY} 10:00:00", fee="0.07000"), amounts="12.34", fees="0.07000"))
    ran = payment("statement", "import", str(file), "--channel", "wechat", "--date", str(YESTERDAY))
    assert (ran.code, [line.split("\t")[8] for line in ran.out.splitlines()]) == (0, ["fees 元", "0.07"])
    assert payment("statement", "list").out == ran.out
    ran = payment("reconcile", str(YESTERDAY))
    assert "missing_here\t1\t12.34\t0.00\t0.07" in ran.out and "fees 0.07 元 on the books" in ran.err
    assert "channel-fees/wechat\t0.07\t0.00\t0.07" in payment("ledger", "balance").out


def test_a_refusal_names_what_the_command_line_has(payment: Any, tmp_path: Path) -> None:
    of_day = ("--channel", "wechat", "--date", str(YESTERDAY))
    for amount, code in (("12.34", 0), ("56.78", 1)):
        file = bill(tmp_path / "bill.csv", wechat_line(at=f"{YESTERDAY} 10:00:00", amount=amount), amounts=amount)
        ran = payment("statement", "import", file, *of_day)
        assert ran.code == code, ran.err
    assert "with other content; keep it, or import with --supersede [payment.statement-conflict]" in ran.err
    ran = payment("resolve", "nope", "--note", "x")
    assert (ran.code, ran.err) == (1, (
        "zhongtai: difference 'nope' does not exist; 'zhongtai payment differences' shows those that do "
        "[payment.difference-unknown]\n"))


@pytest.mark.parametrize(("arguments", "said"), [
    (("statement", "list"), "no such statement"), (("differences",), "no such difference"),
    (("ledger", "balance"), "no entry in CNY"), (("ledger", "balance", "--currency", "USD"), "no entry in USD"),
    (("settlement", str(YESTERDAY)), "nothing was paid or given back on that day"),
    (("settlement", "--from", str(YESTERDAY), "--to", str(YESTERDAY)), "nothing was paid or given back on those days"),
])
def test_where_there_is_nothing_the_tenant_is_named(payment: Any, arguments: tuple[str, ...], said: str) -> None:
    """A tenant is known by its data alone: a misspelt one cannot be refused, and should be seen."""
    assert payment(*arguments).out == f"tenant 'default': {said}\n"
    assert payment(*arguments, "--tenant", "nobody").out == f"tenant 'nobody': {said}\n"


def test_a_day_is_closed_once_with_what_was_before_it(payment: Any) -> None:
    before = TODAY - timedelta(days=2)
    ran = payment("ledger", "close", str(YESTERDAY), "--json")
    assert (ran.code, ran.data["business_day"], ran.data["closed_by"], ran.data["entry_count"]) == (
        0, str(YESTERDAY), "operator", 0)
    assert payment("ledger", "close", str(YESTERDAY), "--json").data == ran.data, "asked again, the same answer"
    shown = payment("ledger", "close", str(YESTERDAY))
    assert shown.out.splitlines()[0] == "tenant\tclosed through\tafter\tentries\tclosed at\tby"
    assert shown.out.splitlines()[1].startswith(f"default\t{YESTERDAY}\t-\t0\t")
    assert payment("settlement", str(YESTERDAY), "--json").data["final"] is True
    assert payment("settlement", str(YESTERDAY), "--json", "--tenant", TENANT).data["final"] is False
    hint = f"'zhongtai payment ledger close {YESTERDAY} --tenant {TENANT}' makes it final"
    assert hint in payment("settlement", str(YESTERDAY), "--tenant", TENANT).err
    earlier = payment("ledger", "close", str(before))
    assert (earlier.code, "[payment.day-closed]" in earlier.err) == (1, True)


def test_a_refused_file_is_one_line_that_says_where(payment: Any, tmp_path: Path) -> None:
    file = bill(tmp_path / "bill.csv", wechat_line(at=f"{YESTERDAY} 10:00:00", currency="元"), amounts="12.34")
    ran = payment("statement", "import", file, "--channel", "wechat", "--date", str(YESTERDAY))
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "line 2, column '货币种类'" in ran.err and "payment.statement-malformed" in ran.err
    assert "failed" in payment("statement", "list").out


@pytest.mark.parametrize(("arguments", "said"), [
    (["statement", "import", "nowhere.csv", "--channel", "wechat", "--date", "2025-06-02"], "cannot be read: No such"),
    (["statement", "import", "x", "--channel", "wechat", "--date", "02.06.2025"], "one such as 2025-06-02 is allowed"),
    (["statement", "import", "x", "--date", "2025-06-02"], "Missing option '--channel'"),
    (["reconcile", "gestern"], "is no day"),
])
def test_wrong_use_is_one_line_and_exit_code_2(payment: Any, arguments: list[str], said: str) -> None:
    ran = payment(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err and ran.err.count("\n") == 1


def test_a_day_without_statement_is_said_so(payment: Any) -> None:
    ran = payment("reconcile", "2025-06-02")
    assert (ran.code, "payment.statement-unknown" in ran.err) == (1, True)


def test_an_unmigrated_database_is_said_so(zhongtai: Zhongtai) -> None:
    ran = zhongtai("payment", "ledger", "balance")
    assert ran.code == 2 and "run 'zhongtai migrate payment' first" in ran.err


@pytest.mark.parametrize(("amount_minor", "text"), [
    (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123456789, "1,234,567.89"), (-100, "-1.00"),
])
def test_money_is_shown_in_yuan(amount_minor: int, text: str) -> None:
    assert yuan(amount_minor) == text


def test_a_command_knows_the_services_events_and_starts_without_the_bus() -> None:
    assert (PaymentService.name, PaymentService.emits) == (SERVICE, (*EVENTS, EVIDENCE_SEALED))
    loaded = "import sys, services.payment.commands.differences; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"nameko", "eventlet", "kombu", "httpx", "reportlab", "rich", "structlog"} & set(done.stdout.split())
