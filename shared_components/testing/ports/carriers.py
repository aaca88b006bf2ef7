"""Promises of every carrier of text messages (fixture `desk`: see Desk)."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import pytest

from services.notification.carriers.domain.carrier import Carrier, CarrierText, Route
from services.notification.carriers.domain.errors import ReceiptNotAuthentic
from shared_components.kernel.ids import new_id

DELIVERED, GONE, PHONE_OFF, REFUSED, BUSY, SILENT, FAILED = (f"+861390000000{digit}" for digit in range(1, 8))
"""Numbers for which the provider's test server simulates an outcome; it takes all others."""
Word = tuple[Mapping[str, str], str, str | None]
"""Headers, body and token of a callback."""


class Desk(Protocol):
    """A carrier and its provider's side. reference_only: its callbacks name a text by the carrier's number alone."""

    carrier: Carrier
    reference_only: bool

    def arrived(self) -> list[tuple[str, str]]:
        """Number and text of all that was taken, the signature first."""
        ...

    def receipt(self, message_id: str, state: str) -> Word:
        """A callback about one text, rightly signed."""
        ...

    def forge(self, word: Word) -> Word:
        """The callback as a stranger would send it."""
        ...

    def late(self) -> None:
        """From now on the provider does its work and answers too late."""
        ...

    def punctual(self) -> None:
        """From now on the provider answers in time."""
        ...

    def away(self) -> Carrier:
        """The same carrier with a provider that is not there."""
        ...


def text(number: str = DELIVERED, body: str = "张三，您的验证码为 123456。", **changes: Any) -> CarrierText:
    plain: dict[str, Any] = {
        "message_id": new_id("msg"), "number": number, "body": body, "values": {"name": "张三", "code": "123456"},
        "route": Route("any", "浙里办", "SMS_1001", ("name", "code")), "tried_at": datetime.now(UTC)}
    return CarrierText(**(plain | changes))


class CarrierSuite:
    """Texts, refusals, receipts, and answers that come late or never."""

    def test_texts_arrive_as_they_were_written_and_each_has_a_reference(self, desk: Desk) -> None:
        texts = [text(), text("+8613800000009")]
        outcomes = desk.carrier.send(texts)
        assert [outcome.verdict for outcome in outcomes] == ["taken", "taken"]
        assert len({outcome.reference for outcome in outcomes}) == 2 and all(o.reference for o in outcomes)
        assert sorted(desk.arrived()) == sorted(
            (one.number, "【浙里办】张三，您的验证码为 123456。") for one in texts)

    @pytest.mark.parametrize(("number", "verdict"), [(REFUSED, "refused"), (BUSY, "busy"), (FAILED, "failed")])
    def test_a_refusal_is_told_by_its_kind_and_sinks_no_neighbour(
        self, desk: Desk, number: str, verdict: str,
    ) -> None:
        refused, taken = desk.carrier.send([text(number), text("+8613800000008")])
        assert (refused.verdict, taken.verdict) == (verdict, "taken")
        assert refused.code and number not in refused.code

    def test_a_receipt_is_understood(self, desk: Desk) -> None:
        one = text()
        (outcome,) = desk.carrier.send([one])
        for state in ("delivered", "permanent-failure", "temporary-failure"):
            headers, body, token = desk.receipt(one.message_id, state)
            (receipt,) = desk.carrier.read(headers, body, token=token, now=datetime.now(UTC)).receipts
            assert (receipt.carrier, receipt.state) == (desk.carrier.name, state)
            assert receipt.reference == outcome.reference
            assert receipt.message_id == ("" if desk.reference_only else one.message_id)

    def test_a_strangers_receipt_is_refused(self, desk: Desk) -> None:
        one = text()
        desk.carrier.send([one])
        headers, body, token = desk.forge(desk.receipt(one.message_id, "delivered"))
        with pytest.raises(ReceiptNotAuthentic):
            desk.carrier.read(headers, body, token=token, now=datetime.now(UTC))

    def test_of_a_late_answer_nothing_is_known_and_the_carrier_can_be_asked_where_it_says_so(self, desk: Desk) -> None:
        desk.late()
        one = text("+8613800000007")
        assert [outcome.verdict for outcome in desk.carrier.send([one])] == ["unknown"]
        desk.punctual()
        if desk.carrier.can_ask:
            told, absent = desk.carrier.ask([one, text("+8613800000006")])
            assert told is not None and told != "unknown" and told.state in ("sent", "delivered")
            assert absent is None

    def test_a_provider_that_is_away_has_not_taken_the_text(self, desk: Desk) -> None:
        away = desk.away()
        assert [outcome.verdict for outcome in away.send([text()])] == ["failed"]
        if away.can_ask:
            assert away.ask([text()]) == ["unknown"]
