"""The fake and the sandbox's carrier keep the same promises; the sandbox is a process of its own, over HTTP."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from services.notification.carriers.adapters.sandbox.carrier import SandboxCarrier
from services.notification.carriers.domain.carrier import Carrier
from services.notification.carriers.domain.errors import ReceiptMalformed, ReceiptNotAuthentic
from shared_components.devstack.sandbox import CARRIER_ACCOUNT, start_carrier
from shared_components.security.request_signing import sign
from shared_components.testing.ports.carriers import CarrierSuite, Word, text
from tests.unit.notification.carriers.fake import FakeCarrier, fails, times_out_after_work

SECRET = "a-secret-of-the-sandbox"


@dataclass
class FakeDesk:
    carrier: FakeCarrier = field(default_factory=FakeCarrier)
    reference_only: bool = False

    def arrived(self) -> list[tuple[str, str]]:
        return [(one.number, f"【{one.signature}】{one.body}") for one in self.carrier.books.texts.values()]

    def receipt(self, message_id: str, state: str) -> Word:
        return {}, orjson.dumps([self.carrier.receipt(message_id, state)]).decode(), "good"

    def forge(self, word: Word) -> Word:
        return word[0], word[1], "bad"

    def late(self) -> None:
        self.carrier.answering = times_out_after_work

    def punctual(self) -> None:
        self.carrier.answering = None

    def away(self) -> Carrier:
        class Away(FakeCarrier):
            def ask(self, texts: Any) -> Any:
                return ["unknown"] * len(texts)

        away = Away()
        away.answering = fails
        return away


class SandboxDesk:
    reference_only = False

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.carrier = carrier_of(base_url)
        self._http = httpx.Client(base_url=base_url, trust_env=False)
        self._before = len(self._texts())

    def arrived(self) -> list[tuple[str, str]]:
        return [(one["number"], f"【{one['signature']}】{one['body']}") for one in self._texts()[self._before:]]

    def receipt(self, message_id: str, state: str) -> Word:
        (one,) = [each for each in self._texts() if each["message_id"] == message_id]
        receipt = {"message_id": message_id, "reference": one["reference"], "state": state, "code": "X"}
        return signed({"account": CARRIER_ACCOUNT, "receipts": [receipt]})

    def forge(self, word: Word) -> Word:
        return sign(word[1].encode(), key_id=CARRIER_ACCOUNT, key=b"another", at=datetime.now(UTC)), word[1], None

    def late(self) -> None:
        self.faults(error_after_work=1)

    def punctual(self) -> None:
        self.faults(error_after_work=0)

    def away(self) -> Carrier:
        return carrier_of("http://127.0.0.1:9")

    def faults(self, **faults: float) -> None:
        headers, body, _ = signed(faults)
        self._http.post("/faults", content=body, headers=headers).raise_for_status()

    def close(self) -> None:
        self.punctual()
        self._http.close()
        self.carrier.stop()

    def _texts(self) -> list[dict[str, Any]]:
        return list(self._http.get("/texts").raise_for_status().json()["texts"])


def carrier_of(base_url: str) -> SandboxCarrier:
    return SandboxCarrier(
        base_url=base_url, account=CARRIER_ACCOUNT, secret=SECRET, notify_url="http://127.0.0.1:9/x", timeout_s=20)


def signed(body: dict[str, Any]) -> Word:
    raw = orjson.dumps(body)
    return sign(raw, key_id=CARRIER_ACCOUNT, key=SECRET.encode(), at=datetime.now(UTC)), raw.decode(), None


class TestFakeCarrier(CarrierSuite):
    @pytest.fixture
    def desk(self) -> FakeDesk:
        return FakeDesk()


@contextmanager
def sandbox() -> Iterator[str]:
    with ExitStack() as stack:
        yield start_carrier(stack, SECRET)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with sandbox() as url:
        yield url


class TestSandboxCarrier(CarrierSuite):
    @pytest.fixture
    def desk(self, base_url: str) -> Iterator[SandboxDesk]:
        desk = SandboxDesk(base_url)
        yield desk
        desk.close()

    def test_a_request_that_was_not_done_says_so(self, desk: SandboxDesk) -> None:
        desk.faults(error_before_work=1)
        try:
            assert [one.verdict for one in desk.carrier.send([text(), text()])] == ["failed", "failed"]
        finally:
            desk.faults(error_before_work=0)
        assert desk.arrived() == []

    def test_an_account_that_the_provider_does_not_know_is_our_fault(self, desk: SandboxDesk) -> None:
        stranger = SandboxCarrier(
            base_url=desk.base_url, account=CARRIER_ACCOUNT, secret="another-secret-16", notify_url="http://127.0.0.1:9/x")
        assert [one.verdict for one in stranger.send([text()])] == ["ours"]
        stranger.stop()

    @pytest.mark.parametrize(("body", "error"), [
        ({"account": "somebody"}, ReceiptMalformed),
        ({"account": CARRIER_ACCOUNT, "receipts": [{"message_id": "m"}]}, ReceiptMalformed),
        ({"account": CARRIER_ACCOUNT, "receipts": [
            {"message_id": "m\0", "reference": "r", "state": "sent"}]}, ReceiptMalformed),
    ])
    def test_a_receipt_that_is_not_understood_is_refused(
        self, desk: SandboxDesk, body: dict[str, Any], error: type[Exception],
    ) -> None:
        headers, raw, token = signed(body)
        with pytest.raises(error):
            desk.carrier.read(headers, raw, token=token, now=datetime.now(UTC))

    def test_a_receipt_of_long_ago_is_refused(self, desk: SandboxDesk) -> None:
        raw = orjson.dumps({"account": CARRIER_ACCOUNT})
        old = sign(raw, key_id=CARRIER_ACCOUNT, key=SECRET.encode(), at=datetime(2026, 1, 1, tzinfo=UTC))
        with pytest.raises(ReceiptNotAuthentic):
            desk.carrier.read(old, raw.decode(), token=None, now=datetime.now(UTC))
