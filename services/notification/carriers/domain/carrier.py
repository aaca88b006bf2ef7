"""Text messages as a carrier takes them, and its words about them, the same for every carrier."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

ReceiptState = Literal["sent", "delivered", "temporary-failure", "permanent-failure"]
Verdict = Literal["taken", "refused", "busy", "failed", "ours", "untried", "unknown"]
"""taken: it will be sent. refused: never, whoever carries it. busy: this number gets no more just now.

failed: not taken, since the carrier is at fault. ours: not taken, because of our account there; another carrier may
take it. untried: the carrier is left alone just now. unknown: it may have been taken.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """How one carrier is to be given a text: what was filed with it. template_id: "" where nothing is filed.

    parameters: names of values in the order that the carrier's template has them.
    """

    carrier: str
    signature: str
    template_id: str = ""
    parameters: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CarrierText:
    """A text for one number. body: without signature. values: by the names of the route's parameters."""

    message_id: str
    number: str = field(repr=False)
    body: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    route: Route
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """A carrier's answer about one text.

    reference: the carrier's number of it, when taken. code: what it said, without its words.
    """

    verdict: Verdict
    code: str = ""
    reference: str = ""

    @property
    def is_carriers_fault(self) -> bool:
        """Whether it speaks of the carrier and not of the text."""
        return self.verdict in ("failed", "unknown", "ours")

    @property
    def may_go_elsewhere(self) -> bool:
        """Whether another carrier may be given the text at once."""
        return self.verdict in ("failed", "ours", "untried")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A carrier's later word, its authenticity already verified.

    message_id: "" where the carrier gives only its own reference. code: its reason, "" for none.
    """

    carrier: str
    message_id: str
    reference: str
    state: ReceiptState
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A text that a person has sent to us. event_id: unique at the carrier."""

    carrier: str
    event_id: str
    number: str = field(repr=False)
    body: str = field(repr=False)
    service_number: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Callback:
    """The reports of one request of a carrier."""

    receipts: Sequence[Receipt] = ()
    received: Sequence[ReceivedText] = ()


class Carrier(Protocol):
    """A carrier. Its methods but `read` do network I/O and are never called inside a transaction."""

    @property
    def name(self) -> str: ...

    @property
    def group_size(self) -> int:
        """How many texts one request may have."""
        ...

    @property
    def can_ask(self) -> bool:
        """Whether `ask` tells of a text whose request got no answer; else its receipt is waited for."""
        ...

    def send(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        """Give each text its outcome, in order; at most group_size texts. Never raises for what a carrier does."""
        ...

    def ask(self, texts: Sequence[CarrierText]) -> list[Receipt | Literal["unknown"] | None]:
        """Give what became of each text: None where the carrier has never taken it, "unknown" where it cannot say."""
        ...

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        """Verify and understand a callback.

        token: of the callback's address, for carriers that sign nothing.
        Raises ReceiptNotAuthentic, ReceiptMalformed.
        """
        ...
