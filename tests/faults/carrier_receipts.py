"""Texts and the receipts that come for them: lost, doubled, in any order, forged; and how each text must end."""
from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson

from services.notification.carriers.adapters.sandbox.carrier import SandboxCarrier
from services.notification.carriers.domain.carrier import Callback, Receipt
from services.notification.messages.domain import text_attempts
from services.notification.messages.domain.message import Message
from services.notification.messages.usecases.record_receipts import RecordReceipt, record_receipts
from shared_components.db import Database
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.security import Secrets
from shared_components.security.request_signing import LEEWAY_S, RequestVerifier, sign
from tests.faults.load import each
from tests.unit.notification.carriers.fake import FakeCarrier, pool_of, times_out_after_work
from tests.unit.notification.world import GATEWAY, World

ACCOUNT, KEY, STRANGER = "account", "a-secret-of-the-carrier", "a-secret-of-a-stranger"
OWN, OTHER = "sandbox", "other"
COPIES, THREADS, MOST_TOGETHER = 3, 8, 5
SWEEP_S = 11
ENDS = {"delivered": "message-delivered", "permanent-failure": "message-failed"}


@dataclass(frozen=True)
class Fate:
    """told: states of genuine receipts; end: the state that they must lead to, in whatever order they come."""

    told: Sequence[str]
    end: str
    answered: bool = True
    forged: bool = False
    foreign: bool = False


FATES = {
    "delivered in the end": Fate(("sent", "temporary-failure", "delivered"), "delivered"),
    "failed for good": Fate(("sent", "temporary-failure", "permanent-failure"), "permanent-failure"),
    "delivered and failed": Fate(("permanent-failure", "delivered"), "delivered"),
    "receipts lost": Fate((), "sent"),
    "answer lost": Fate(("delivered",), "delivered", answered=False),
    "answer and receipts lost": Fate((), "sent", answered=False),
    "forged": Fate((), "sent", forged=True),
    "by a carrier that never had it": Fate((), "sent", foreign=True),
}  # fmt: skip


class SignedCarrier(FakeCarrier):
    """Takes texts in memory, and believes callbacks that are signed, as the real one does."""

    def __init__(self, name: str, key: str) -> None:
        super().__init__(name)
        self._reader = SandboxCarrier(base_url="http://127.0.0.1:9", account=ACCOUNT, secret=key, notify_url="-")
        self._reader.name = name

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        return self._reader.read(headers, body, token=token, now=now)

    def stop(self) -> None:
        self._reader.stop()


@dataclass
class Receipts:
    """A share of the texts for each fate. url: of a database of notification."""

    url: str
    folder: Path
    texts: int
    seed: int
    answers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._world = World(Database(self.url, "notification", pool_size=THREADS), Secrets.for_development(self.folder))
        self._carrier, self._other = SignedCarrier(OWN, KEY), SignedCarrier(OTHER, STRANGER)
        self._world.carriers = pool_of(self._carrier)
        self._world.put(template_code="told", channel="sms", subject=None, body="您的申请已办结。")
        self._dice = random.Random(self.seed)
        self._lock = threading.Lock()
        self._fates: dict[str, str] = {}

    def run(self) -> None:
        """Send the texts, hear of them from several threads at once, and look after what nobody has heard of."""
        for name, fate in FATES.items():
            self._send(name, fate)
        self._world.carriers = pool_of(self._carrier, self._other)
        words = self._genuine() + [word for one, name in self._fates.items() for word in self._untrue(one, FATES[name])]
        self._dice.shuffle(words)
        each(words, self._hear, threads=THREADS)
        self._world.sweep(after_s=SWEEP_S)

    def _wrong(self, name: str) -> list[str]:
        """Name the texts of one fate that have not ended as they must."""
        fate, found = FATES[name], []
        events = Counter((event["aggregate"], event["type"]) for event in self._world.events)
        for message_id in self._of(name):
            state = self._world.message(message_id).state
            told = {event: events[message_id, event] for event in ENDS.values()}
            expected = {event: int(event == ENDS.get(fate.end)) for event in ENDS.values()}
            if name == "delivered and failed":
                expected["message-failed"] = min(1, told["message-failed"])  # it is true until the phone has it
            found += [f"{name}: a text is {state}, not {fate.end}"] if state != fate.end else []
            found += [f"{name}: apps are told {told}, not {expected}"] if told != expected else []
            sent = self._carrier.times[message_id] + self._other.times[message_id]
            found += [f"{name}: sent {sent} times"] if sent != 1 else []
        return found

    def wrong(self, *names: str) -> list[str]:
        return [one for name in names for one in self._wrong(name)]

    def close(self) -> None:
        self._carrier.stop()
        self._other.stop()
        self._world.database.dispose()

    def _of(self, name: str) -> list[str]:
        return [message_id for message_id, fate in self._fates.items() if fate == name]

    def _send(self, name: str, fate: Fate) -> None:
        share = self.texts // len(FATES)
        base = 13800000000 + len(self._fates)
        ids = [self._world.send(channel="sms", template_code="told", address=str(base + number)).message_id
               for number in range(share)]  # fmt: skip
        self._carrier.answering = None if fate.answered else times_out_after_work
        self._world.deliver_texts(*ids)
        self._carrier.answering = None
        self._fates |= dict.fromkeys(ids, name)

    def _genuine(self) -> list[RecordReceipt]:
        receipts = [self._carrier.receipt(message_id, state) for message_id, name in self._fates.items()
                    for state in FATES[name].told for _ in range(COPIES)]  # fmt: skip
        self._dice.shuffle(receipts)
        words = []
        while receipts:
            together = self._dice.randint(1, MOST_TOGETHER)
            words.append(self._word(receipts[:together]))
            receipts = receipts[together:]
        return words

    def _untrue(self, message_id: str, fate: Fate) -> list[RecordReceipt]:
        claims = [self._carrier.receipt(message_id, "delivered")]
        if fate.foreign:
            return [self._word([{**claims[0], "reference": "r"}], OTHER, STRANGER)] * COPIES
        if not fate.forged:
            return []
        sent = self._word([self._carrier.receipt(message_id, "sent")])
        true = self._word(claims)
        return [
            self._word(claims, key=STRANGER), self._word(claims, key_id="account-of-nobody"), replace(true, headers={}),
            replace(true, headers=sent.headers), self._word(claims, age=timedelta(seconds=LEEWAY_S + 1)),
            self._word(claims, account="another-account"),
        ]  # fmt: skip

    def _word(
        self, receipts: Sequence[Mapping[str, Any]], provider: str = OWN, key: str = KEY, *, key_id: str = ACCOUNT,
        account: str = ACCOUNT, age: timedelta = timedelta(),
    ) -> RecordReceipt:
        body = orjson.dumps({"account": account, "receipts": receipts})
        headers = sign(body, key_id=key_id, key=key.encode(), at=self._world.clock.now() - age)
        return RecordReceipt(provider, headers, body.decode())

    def _hear(self, word: RecordReceipt) -> None:
        (answer,) = record_receipts(
            self._world, self._world.carriers, [Call(word, GATEWAY)], at=self._world.clock.now())
        with self._lock:
            self.answers[answer.code if isinstance(answer, AppError) else "recorded"] += 1


@contextmanager
def last_word_wins() -> Iterator[None]:
    """As a service does that writes down what it is told."""

    def receive(message: Message, receipt: Receipt, *, at: datetime, policy: Any) -> tuple[Message, str]:
        event = {"sent": "message-sent", "delivered": "message-delivered"}.get(receipt.state, "message-failed")
        return replace(message, state=receipt.state, next_attempt_at=None), event

    with patch.object(text_attempts, "receive", receive):
        yield


def unverified() -> AbstractContextManager[Any]:
    """Believe everybody who writes."""
    return patch.object(RequestVerifier, "verify", lambda *_, **__: ACCOUNT)


def any_carrier_believed() -> AbstractContextManager[Any]:
    return patch.object(text_attempts, "_may_have_had", lambda *_: True)


WALLS = {
    "the last word wins": (last_word_wins, ("delivered in the end", "failed for good")),
    "signatures unchecked": (unverified, ("forged",)),
    "any carrier believed": (any_carrier_believed, ("by a carrier that never had it",)),
}
"""Walls that are taken away, and the fates that must then end wrongly."""
