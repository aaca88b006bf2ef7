"""A delivery is begun when its event was kept, and not by the next turn of a timer."""
from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from shared_components.kernel.errors import Unavailable
from shared_components.security.request_signing import sign
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.webhook import Sent
from tests.unit.payment.steps import make_order
from tests.unit.payment.webhooks.test_webhooks import happened, put

URL, PATIENCE_S = "http://127.0.0.1:9/hook", 20.0


class Endpoint:
    """Takes what is sent. answers: it holds every request until this is set."""

    def __init__(self) -> None:
        self.got, self.answers, self._came = list[str](), threading.Event(), threading.Condition()
        self.answers.set()

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        with self._came:
            self.got.append(headers["X-Zhongtai-Event-Id"])
            self._came.notify_all()
        self.answers.wait(PATIENCE_S)
        return Sent(204, None, 1)

    def has_got(self, number: int) -> bool:
        with self._came:
            return self._came.wait_for(lambda: len(self.got) == number, PATIENCE_S)


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def dispatcher(transactions: Any, endpoint: Endpoint) -> Iterator[WebhookDispatcher]:
    dispatcher = WebhookDispatcher(transactions, endpoint, sign)
    yield dispatcher
    endpoint.answers.set()
    assert dispatcher.finish(PATIENCE_S)


def test_what_was_kept_is_sent_without_a_run_of_the_timer(
    transactions: Any, endpoint: Endpoint, dispatcher: WebhookDispatcher,
) -> None:
    put(transactions, URL)
    happened(transactions, make_order(transactions))
    dispatcher.soon()
    assert endpoint.has_got(1)


def test_what_comes_while_an_attempt_is_under_way_waits_for_neither_the_attempt_nor_a_timer(
    transactions: Any, endpoint: Endpoint, dispatcher: WebhookDispatcher,
) -> None:
    put(transactions, URL)
    order_id = make_order(transactions)
    endpoint.answers.clear()
    for number in range(3):
        happened(transactions, order_id, f"evt_{number}")
        dispatcher.soon()
        assert endpoint.has_got(number + 1)
    assert endpoint.got == ["evt_0", "evt_1", "evt_2"]


def test_a_run_that_breaks_off_leaves_what_it_was_asked_for_to_the_next(
    transactions: Any, endpoint: Endpoint, dispatcher: WebhookDispatcher, monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(transactions, URL)
    happened(transactions, make_order(transactions))
    broke, begin = threading.Event(), transactions.begin

    def unavailable(*_: Any) -> Any:
        broke.set()
        raise Unavailable

    monkeypatch.setattr(transactions, "begin", unavailable)
    dispatcher.soon()
    assert broke.wait(PATIENCE_S)
    monkeypatch.setattr(transactions, "begin", begin)
    assert dispatcher.run() <= 1
    dispatcher.soon()
    assert endpoint.has_got(1)


def test_who_has_ended_begins_nothing(transactions: Any, endpoint: Endpoint, dispatcher: WebhookDispatcher) -> None:
    put(transactions, URL)
    happened(transactions, make_order(transactions))
    assert dispatcher.finish(PATIENCE_S)
    dispatcher.soon()
    assert endpoint.got == []
