"""A small world for the notification service: its database, a clock that stands, a mail server to play with."""
from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notification.carriers.adapters.pool import CarrierPool
from services.notification.inbox.usecases import read_inbox
from services.notification.inbox.usecases.views import InboxView
from services.notification.messages.domain.mailer import Letter, NotSent
from services.notification.messages.domain.message import PERMANENT, TEMPORARY, Failure, RetryPolicy
from services.notification.messages.schemas import Send
from services.notification.messages.usecases import (
    deliver,
    deliver_due,
    deliver_texts,
    learn_recipients,
    purge,
    record_receipts,
    send,
)
from services.notification.messages.usecases.get_message import get_messages
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.views import MessageView
from services.notification.service import NotificationService
from services.notification.templates.schemas import PutTemplate
from services.notification.templates.usecases.put_template import put_template
from services.notification.templates.usecases.views import TemplateView
from services.notification.transaction import SendingPolicy, SqlNotificationTransaction
from shared_components.bus import EventRecorder, TransactionScope
from shared_components.contracts import service_contract
from shared_components.db import Database
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.security import Secrets
from shared_components.webhooks.targets import TargetPolicy
from tests.acting import citizen
from tests.outcomes import one
from tests.unit.notification.carriers.fake import FakeCarrier, pool_of

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
CONTRACT = service_contract(NotificationService)
TARGETS = TargetPolicy(["hooks.example.org"], loopback=True)
POLICY = SendingPolicy(RetryPolicy(
    max_attempts=3, first_wait=timedelta(seconds=10), longest_wait=timedelta(seconds=15)), webhook_targets=TARGETS)


def message_of(tx: SqlNotificationTransaction, message_id: str, context: CallContext) -> MessageView:
    """The message that a call of `get` gets. Raises its error."""
    return one(get_messages(tx, [Call(MessageById(message_id), context)]))


class FakeMailer:
    """Takes letters as the sink's server does; `down` is a server that is away."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.down = False
        self._asked: set[str] = set()

    def send(self, letter: Letter) -> None:
        if self.down:
            raise NotSent(Failure(TEMPORARY, "smtp-unreachable"), provider_down=True)
        local = letter.address.partition("@")[0]
        if local == "temporary-failure" or (local == "busy-once" and letter.address not in self._asked):
            self._asked.add(letter.address)
            raise NotSent(Failure(TEMPORARY, "smtp-451"))
        if local == "permanent-failure":
            raise NotSent(Failure(PERMANENT, "smtp-550"))
        if local == "content-refused":
            raise NotSent(Failure(PERMANENT, "smtp-554"))
        self.letters.append(letter)


MATTER = CallContext("matter", "transport")
GATEWAY = CallContext("gateway", "nobody")


RULES = {name: method.rule for name, method in CONTRACT.methods.items()}


def app_for(subject: str | None, method: str = "mark_read", app: str = "gateway") -> CallContext:
    """An app of transport, alone or in a citizen's session, as it calls a method."""
    return CallContext(app, "transport", department="transport", acting=citizen(subject), rule=RULES[method])


def inbox_of(tx: read_inbox.ReadInboxTx, context: CallContext, subject: str | None = "sub_1") -> InboxView:
    return one(read_inbox.read_inboxes(
        tx, [Call(read_inbox.ReadInbox(subject), context._replace(rule=RULES["inbox"]))]))


@dataclass
class World:
    database: Database
    secrets: Secrets
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    mailer: FakeMailer = field(default_factory=FakeMailer)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    carrier: FakeCarrier = field(default_factory=FakeCarrier)
    carriers: CarrierPool = field(init=False)
    policy: SendingPolicy = POLICY

    def __post_init__(self) -> None:
        self.carriers = pool_of(self.carrier)

    @contextmanager
    def begin(self, tenant: str | None = "transport") -> Iterator[SqlNotificationTransaction]:
        with self.begin_for(["*" if tenant is None else tenant]) as tx:
            yield tx

    @contextmanager
    def begin_for(self, tenants: Collection[str]) -> Iterator[SqlNotificationTransaction]:
        recorder = EventRecorder(CONTRACT, self.clock)
        with self.database.transaction(list(tenants)) as session:
            yield SqlNotificationTransaction(
                TransactionScope(session, recorder, self.clock, {}, self.secrets), self.policy, self.carriers)
        self.events += recorder.rows

    def put(self, **given: Any) -> TemplateView:
        data = PutTemplate().load(
            {"template_code": "paid", "channel": "email", "subject": "缴费成功", "body": "您好", **given}
        )
        with self.begin() as tx:
            return put_template(tx, data, MATTER)

    def know(self, *subjects: str, tenant: str = "transport") -> None:
        """As when identity says that these are registered."""
        with self.begin(tenant) as tx:
            learn_recipients.learn_recipients(tx, [(tenant, subject) for subject in subjects])

    def send_all(self, *given: Mapping[str, Any], tenant: str = "transport") -> list[Any]:
        context = CallContext(caller="matter", tenant=tenant, op_id="op")
        usual = {"template_code": "paid", "channel": "email"}
        calls = [Call(Send().load({**usual, **one}), context) for one in given]
        with self.begin(tenant) as tx:
            return list(send.send_messages(tx, calls))

    def send_as(self, context: CallContext, given: Mapping[str, Any]) -> Any:
        """One message of this caller: its view, or its error."""
        with self.begin(context.tenant) as tx:
            (result,) = send.send_messages(tx, [Call(Send().load(given), context)])
        return result

    def send(self, **given: Any) -> MessageView:
        (result,) = self.send_all({"address": "zhang@example.cn", **given})
        if isinstance(result, AppError):
            raise result
        assert isinstance(result, MessageView)
        return result

    def deliver(self, message_id: str) -> bool:
        return deliver.deliver(self, self.mailer, tenant="transport", message_id=message_id)

    def deliver_texts(self, *message_ids: str) -> None:
        deliver_texts.deliver_texts(self, self.carriers, [("transport", message_id) for message_id in message_ids])

    def sweep(self, after_s: float = 0) -> int:
        self.clock.advance(timedelta(seconds=after_s))
        return deliver_due.deliver_due(self, self.mailer, self.carriers, limit=100)

    def receive(self, *receipts: Mapping[str, Any], provider: str = "sandbox", token: str = "good") -> Any:
        """One callback with these receipts, from a provider that knows no tenant; its view, or its error."""
        command = record_receipts.RecordReceipt(provider, {}, json.dumps(receipts), token)
        (answer,) = record_receipts.record_receipts(
            self, self.carriers, [Call(command, GATEWAY)], at=self.clock.now())
        return answer

    def purge(self, after_days: float) -> int:
        self.clock.advance(timedelta(days=after_days))
        return purge.purge_messages(self, kept=timedelta(days=7))

    def message(self, message_id: str) -> MessageView:
        with self.begin() as tx:
            return message_of(tx, message_id, MATTER)

    def event_types(self) -> list[str]:
        return [event["type"] for event in self.events]


@contextmanager
def make_world(url: str, folder: Path) -> Iterator[World]:
    database = Database(url, "notification")
    world = World(database, Secrets.for_development(folder))
    world.know("sub_1")
    yield world
    database.dispose()
