"""One endpoint that is slow, in whatever way, holds up nobody else; the limit of an exchange is over all of it."""
from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from marshmallow import validate

from services.notification.messages.adapters.smtp import SmtpMailer
from services.notification.messages.domain.mailer import Letter, NotSent
from services.notification.messages.settings import NotificationSettings
from services.payment.channels.adapters.http import send
from services.payment.channels.domain.errors import ChannelUnavailable
from shared_components.http.limited_client import limited_client
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.time_limit import CutOff, Deadline, within
from shared_components.security.request_signing import sign
from shared_components.webhooks.bulkheads import PER_TENANT, SLOW_PER_TENANT, SLOW_S, TOTAL, Bulkheads, Due
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.sender import HttpSender
from shared_components.webhooks.settings import WebhookSettings
from shared_components.webhooks.webhook import CLAIM
from tests.unit.payment.conftest import channels, clock, migrated_file, recorded, sql_transactions  # noqa: F401
from tests.unit.payment.memory import TARGETS
from tests.unit.payment.steps import make_order
from tests.unit.payment.webhooks.receiver import receiver
from tests.unit.payment.webhooks.test_webhooks import happened, put
from tests.unit.payment.world import SqlTransactions

TLS_RECORD = b"\x16\x03\x03\x40\x00" + b"\x02" * 64
SMTP_GREETING = b"220-" + b"x" * 500
HTTP_HEAD = b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 500


@contextmanager
def dribbling(content: bytes, every_s: float) -> Iterator[int]:
    """A server that sends a byte now and then, and reads what comes; gives its port."""
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            for number in range(len(content)):
                if ended.wait(every_s):
                    return
                connection.sendall(content[number:number + 1])
            ended.wait(60)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=[server.accept()[0]], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    return work(), time.monotonic() - began


@pytest.mark.parametrize(("scheme", "content"), [
    ("https", TLS_RECORD), ("https", b"\x16"), ("http", HTTP_HEAD), ("http", b"H"),
    ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 500),
])
def test_a_webhooks_limit_holds_for_handshake_head_and_body(scheme: str, content: bytes) -> None:
    with dribbling(content, 0.05) as port:
        sender = HttpSender(TARGETS, timeout_s=0.6)
        sent, took_s = timed(lambda: sender.send(f"{scheme}://127.0.0.1:{port}/", {}, b"{}"))
    assert (sent.status, sent.failure) == (None, "timeout")
    assert took_s < 2


def test_a_webhooks_limit_holds_for_a_body_that_nobody_reads() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = HttpSender(TARGETS, timeout_s=0.6)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        sent, took_s = timed(lambda: sender.send(url, {}, b"x" * 50_000_000))
    assert (sent.failure, took_s < 2) == ("timeout", True)


def test_a_webhooks_limit_holds_for_a_name_that_is_never_resolved() -> None:
    release = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        release.wait(20)
        return ["127.0.0.1"]

    sender = HttpSender(TARGETS, timeout_s=0.3, resolve=resolve)
    sent, took_s = timed(lambda: sender.send("http://localhost:9/", {}, b""))
    release.set()
    assert (sent.failure, took_s < 2) == ("timeout", True)


def test_a_claim_lasts_longer_than_any_attempt_may() -> None:
    rules = WebhookSettings().fields["timeout_s"].validators
    (longest,) = [rule.max for rule in rules if isinstance(rule, validate.Range)]
    assert CLAIM.total_seconds() >= 2 * longest


@pytest.mark.parametrize(("scheme", "content"), [("https", TLS_RECORD), ("http", HTTP_HEAD), (
    "http", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 500)])
def test_a_pay_channels_limit_holds_for_handshake_head_and_body(scheme: str, content: bytes) -> None:
    http = limited_client(0.6)

    def ask(port: int) -> None:
        with pytest.raises(ChannelUnavailable):
            send("sandbox", http, "POST", f"{scheme}://127.0.0.1:{port}/", content=b"{}")

    with dribbling(content, 0.05) as port:
        for _ in range(2):
            assert timed(lambda: ask(port))[1] < 2
    with receiver() as endpoint:
        assert send("sandbox", http, "POST", endpoint.url, content=b"{}").status_code == 204
    http.close()


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_mail_servers_limit_holds_from_greeting_to_end(security: str) -> None:
    with dribbling(SMTP_GREETING if security == "none" else TLS_RECORD, 0.05) as port:
        settings = {"smtp_port": port, "smtp_security": security, "smtp_attempt_timeout_s": 0.6}
        mailer = SmtpMailer(NotificationSettings().load(settings))

        def send() -> NotSent:
            with pytest.raises(NotSent) as caught:
                mailer.send(Letter("msg_1", "zhang@example.cn", "s", "b"))
            return caught.value

        error, took_s = timed(send)
    assert (error.failure.code, error.provider_down, took_s < 2) == ("smtp-timeout", True, True)


def test_healthy_endpoints_get_everything_promptly_beside_slow_ones(
    sql_transactions: SqlTransactions, clock: FixedClock, tmp_path: Path  # noqa: F811
) -> None:
    """100 of 100 while two endpoints hang and a TLS server sends a byte of a record now and then."""
    units = sql_transactions
    with ExitStack() as stack:
        healthy = [stack.enter_context(receiver()) for _ in range(2)]
        silent = [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(2)]
        dribble = stack.enter_context(dribbling(TLS_RECORD, 0.4))
        for port in silent:
            put(units, f"http://127.0.0.1:{port}/")
        put(units, f"https://127.0.0.1:{dribble}/")
        for endpoint in healthy:
            put(units, endpoint.url)
        order_id = make_order(units)
        for number in range(50):
            happened(units, order_id, f"evt_{number}")
        dispatcher = WebhookDispatcher(units, HttpSender(TARGETS, timeout_s=8), sign)
        _, took_s = timed(dispatcher.run)
        while sum(len(endpoint.got) for endpoint in healthy) < 100 and took_s < 8:
            took_s += timed(dispatcher.run)[1]
        assert [len(endpoint.got) for endpoint in healthy] == [50, 50]
        assert took_s < 8, "before the first slow attempt had come to its limit"
        dispatcher.finish(0)


def test_slow_webhooks_of_a_tenant_leave_room_for_its_healthy_ones() -> None:
    bulkheads = Bulkheads()
    for number in range(40):
        assert bulkheads.enter(Due(f"d{number}", "t1", f"slow{number}"))
        bulkheads.leave(f"d{number}", took_s=SLOW_S)
    entered = [bulkheads.enter(Due(f"again{number}", "t1", f"slow{number}")) for number in range(40)]
    assert sum(entered) == SLOW_PER_TENANT
    assert bulkheads.enter(Due("good", "t1", "healthy"))
    assert {f"slow{number}" for number in range(40)} <= set(bulkheads.full_webhooks())


def test_a_tenant_never_takes_the_room_of_the_others() -> None:
    bulkheads = Bulkheads()
    entered = [bulkheads.enter(Due(f"d{number}", "greedy", f"w{number}")) for number in range(TOTAL)]
    assert sum(entered) == PER_TENANT
    assert bulkheads.enter(Due("other", "t2", "w"))
    assert not bulkheads.enter(Due("other", "t2", "w")), "the same delivery is under way"


def test_what_has_left_leaves_no_trace() -> None:
    bulkheads = Bulkheads()
    for number in range(1000):
        bulkheads.enter(Due("d", f"t{number}", f"w{number}"))
        bulkheads.leave("d", took_s=SLOW_S if number % 2 else 0)
        bulkheads.enter(Due("d", f"t{number}", f"w{number}"))
        bulkheads.leave("d")
    assert [len(part) for part in vars(bulkheads).values()] == [0] * 6


def test_a_limit_gives_back_what_was_done_in_time_and_raises_what_was_raised() -> None:
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        within(0.05, lambda: time.sleep(0.5))


def test_a_connection_that_ends_in_time_is_not_cut_off() -> None:
    left, right = socket.socketpair()
    with left, right, CutOff(left, Deadline(0.2)):
        right.sendall(b"x")
        assert left.recv(1) == b"x"
    threads = threading.active_count()
    time.sleep(0.3)
    assert threading.active_count() <= threads
