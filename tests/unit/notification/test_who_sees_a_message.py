"""Two departments, two citizens, three apps, a service in one shared group: a permit opens a message, nothing else."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.notification.inbox.usecases.mark_read import mark_read
from services.notification.inbox.usecases.read_inbox import ReadInbox, read_inboxes
from services.notification.inbox.usecases.views import InboxView
from services.notification.messages.domain.errors import RecipientMissing
from services.notification.messages.schemas import Send
from services.notification.messages.usecases.cancel import cancel
from services.notification.messages.usecases.get_message import get_messages
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.list_messages import ListMessages, list_messages
from services.notification.messages.usecases.send import send_messages
from services.notification.messages.usecases.views import MessageView
from services.notification.templates.schemas import PutTemplate
from services.notification.templates.usecases.put_template import put_template
from services.notification.transaction import SqlNotificationTransaction
from shared_components.bus import EventRecorder, TransactionScope
from shared_components.db import ALL_TENANTS
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import PageView
from shared_components.security.authority import sealed as sealed_rows
from shared_components.security.authority.permits import Permit
from tests.acting import citizen, officer
from tests.elsewhere import contexts_elsewhere, is_let_in, known_copies
from tests.unit.admitted import is_admitted
from tests.unit.notification.world import CONTRACT, POLICY, RULES, World

DEPARTMENTS, CITIZENS = ("police", "tax"), ("sub_1", "sub_2")
MAKERS = ("app-a", "app-b", "gateway", "matter")
Key = tuple[str, str, str]
"""department, maker, recipient"""


@contextmanager
def everywhere(world: World) -> Iterator[SqlNotificationTransaction]:
    """A transaction of all departments, as a shared group has it: the database keeps nobody apart."""
    with world.database.transaction(ALL_TENANTS) as session:
        yield SqlNotificationTransaction(
            TransactionScope(session, EventRecorder(CONTRACT, world.clock), world.clock, {}, world.secrets), POLICY,
            world.carriers)


@dataclass
class Town:
    """A waiting message for each department, maker and citizen."""

    world: World
    messages: dict[Key, str] = field(default_factory=dict)

    def states(self) -> list[tuple[str, Any]]:
        with everywhere(self.world) as tx:
            held = {one.outline.message_id: one.outline for one in tx.messages.lock_many(
                [(key[0], message_id) for key, message_id in self.messages.items()])}
        return [(held[one].state, held[one].read_at) for one in self.messages.values() if one in held]


@pytest.fixture(autouse=True)
def copies() -> Iterator[None]:
    with known_copies():
        yield


@pytest.fixture
def town(world: World) -> Town:
    found = Town(world)
    with everywhere(world) as tx:
        for department in DEPARTMENTS:
            template = PutTemplate().load({"template_code": "paid", "channel": "inbox", "locale": "zh-CN", "body": "x"})
            put_template(tx, template, CallContext("operator", department))
            keys = [(department, maker, subject) for maker in MAKERS for subject in CITIZENS]
            sent = send_messages(tx, [
                Call(Send().load({"template_code": "paid", "channel": "inbox", "recipient_subject": subject}),
                     CallContext(maker, department, rule=RULES["send"]))
                for _, maker, subject in keys])
            for key, view in zip(keys, sent, strict=True):
                assert isinstance(view, MessageView), view
                found.messages[key] = view.message_id
    return found


def calls(method: str) -> list[CallContext]:
    """Every kind of caller of both departments to whom the method is open, as the bus admits them."""
    made = []
    for department in DEPARTMENTS:
        made += [CallContext(caller, department, rule=RULES[method]) for caller in ("operator", "matter")]
        for app in ("app-a", "app-b", "gateway"):
            alone = CallContext(app, department, department=department, rule=RULES[method])
            made += [alone, *(alone._replace(acting=citizen(subject)) for subject in CITIZENS)]
            made += [alone._replace(acting=officer("sub_9", department, role)) for role in ("handler", "clerk")]
    made += contexts_elsewhere(RULES[method])
    return [context for context in made if context.rule and is_admitted(context, context.rule)]


def model(context: CallContext, key: Key, method: str) -> bool:
    """Whether the call may see a message, said slowly."""
    department, maker, recipient = key
    acting, rule = context.acting, RULES[method]
    assert rule is not None
    if acting is not None and acting.kind == "citizen" and "holder" in rule.basis:
        return acting.subject == recipient and (department == context.tenant or is_let_in(context))
    if department != context.tenant:
        return False
    if acting is None and context.caller in ("operator", "matter"):
        return True
    if acting is not None and acting.kind == "officer":
        return "handler" in acting.roles
    for_the_person = method in ("inbox", "mark_read") and not maker.startswith("app-")
    mine = maker in (context.caller, "gateway") or for_the_person
    return mine and (acting is None or acting.subject == recipient)


def test_each_call_of_a_shared_group_gets_its_own_messages_and_no_other(town: Town) -> None:
    contexts = calls("get")
    with everywhere(town.world) as tx:
        for key, message_id in town.messages.items():
            found = get_messages(tx, [Call(MessageById(message_id), context) for context in contexts])
            for context, seen in zip(contexts, found, strict=True):
                assert isinstance(seen, MessageView) is model(context, key, "get"), (context, key)


def test_lists_of_a_shared_group_hold_what_the_slow_model_says(town: Town) -> None:
    contexts = calls("list")
    with everywhere(town.world) as tx:
        pages = list_messages(tx, [Call(ListMessages(limit=100), context) for context in contexts])
    for context, page in zip(contexts, pages, strict=True):
        assert isinstance(page, PageView)
        assert {item.message_id for item in page.items} == {
            message_id for key, message_id in town.messages.items() if model(context, key, "list")}, context


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_an_inbox_and_its_count_hold_what_the_slow_model_says(town: Town, limit: int) -> None:
    for subject in CITIZENS:
        contexts = [one for one in calls("inbox") if one.citizen in (None, subject)]
        seen: list[list[str]] = [[] for _ in contexts]
        after: list[str | None] = [None] * len(contexts)
        for _ in range(1 + len(town.messages) // limit):
            with everywhere(town.world) as tx:
                boxes = read_inboxes(tx, [
                    Call(ReadInbox(subject, limit, cursor), context)
                    for context, cursor in zip(contexts, after, strict=True)])
            for number, box in enumerate(boxes):
                assert isinstance(box, InboxView)
                seen[number] += [item.message_id for item in box.items]
                after[number] = box.next or after[number]
                expected = {message_id for key, message_id in town.messages.items()
                            if key[2] == subject and model(contexts[number], key, "inbox")}
                assert box.unread == len(expected), contexts[number]
        assert [set(one) for one in seen] == [
            {message_id for key, message_id in town.messages.items()
             if key[2] == subject and model(context, key, "inbox")} for context in contexts]


def test_a_citizens_inbox_needs_no_name_and_an_apps_does(town: Town) -> None:
    alone = CallContext("app-a", "police", department="police", rule=RULES["inbox"])
    with everywhere(town.world) as tx:
        own, named, nobody = read_inboxes(tx, [
            Call(ReadInbox(), alone._replace(acting=citizen("sub_1"))),
            Call(ReadInbox("sub_1"), alone._replace(acting=citizen("sub_1"))), Call(ReadInbox(), alone)])
    assert isinstance(own, InboxView) and own == named and own.unread == len(MAKERS)
    assert isinstance(nobody, RecipientMissing)


WRITES: dict[str, Callable[[Any, MessageById, CallContext], object]] = {"cancel": cancel, "mark_read": mark_read}


@pytest.mark.parametrize("method", WRITES)
def test_a_write_reaches_what_the_model_says_and_hidden_looks_like_unknown(town: Town, method: str) -> None:
    def outcome(message_id: str, context: CallContext) -> str:
        with everywhere(town.world) as tx:
            try:
                WRITES[method](tx, MessageById(message_id), context)
            except AppError as error:
                return f"{error.category}/{error.code}/{error.message}"
        return "done"

    before = town.states()
    hidden = [(key, message_id, context) for context in calls(method) for key, message_id in town.messages.items()
              if not model(context, key, method)]
    for key, message_id, context in hidden:
        unknown = outcome("msg_unknown", context).replace("msg_unknown", message_id)
        assert outcome(message_id, context) == unknown != "done", (context, key)
    assert town.states() == before and len(hidden) > 100
    acting = citizen("sub_2") if method == "mark_read" else None
    mine = CallContext("app-a", "police", department="police", rule=RULES[method], acting=acting)
    assert outcome(town.messages["police", "app-a", "sub_2"], mine) == "done"
    assert town.states() != before


def test_nothing_is_decrypted_for_a_call_that_may_not_see_the_message(
    town: Town, monkeypatch: pytest.MonkeyPatch,
) -> None:
    stranger = CallContext("app-b", "police", department="police")
    message_id = town.messages["police", "app-a", "sub_1"]
    with everywhere(town.world) as tx:
        for reader in (tx.messages, tx.inboxes):
            # As after a lost key: whoever decrypts fails.
            monkeypatch.setattr(reader._encryption, "open_content", lambda *_: 1 / 0)
        (seen,) = get_messages(tx, [Call(MessageById(message_id), stranger)])
        assert isinstance(seen, AppError)
        with pytest.raises(AppError):
            mark_read(tx, MessageById(message_id), stranger)
        with pytest.raises(ZeroDivisionError):
            get_messages(tx, [Call(MessageById(message_id), stranger._replace(caller="app-a"))])


def test_without_permits_strangers_would_see_messages(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Show that the tests above hold something."""
    monkeypatch.setattr(sealed_rows, "permit", lambda context, rule, facts, copies: Permit("own", None, facts))
    contexts = calls("get")
    with everywhere(town.world) as tx:
        through = [
            (context, key) for key, message_id in town.messages.items()
            for context, seen in zip(contexts, get_messages(tx, [
                Call(MessageById(message_id), context) for context in contexts]), strict=True)
            if isinstance(seen, MessageView) and not model(context, key, "get")]
    assert len(through) > len(contexts)
