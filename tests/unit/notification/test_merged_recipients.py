"""The inbox of a merged subject is the survivor's, and what waited for the merged one reaches the survivor."""
from __future__ import annotations

from typing import Any, cast

from services.notification.inbox.usecases.read_inbox import ReadInbox, read_inboxes
from services.notification.inbox.usecases.views import InboxView
from services.notification.messages.usecases.learn_recipients import follow_recipient
from services.notification.service import NotificationService
from shared_components.db import ALL_TENANTS
from shared_components.db.subject_aliases import learn_merge, rewrite_some
from shared_components.kernel.calls import Call, CallContext
from tests.acting import citizen
from tests.elsewhere import PORTAL
from tests.unit.notification.test_who_sees_a_message import Town, copies, everywhere, town  # noqa: F401
from tests.unit.notification.world import RULES, World


def merge(world: World, merged: str, survivor: str) -> None:
    """As the service's handler does it."""
    with everywhere(world) as tx:
        survivor = learn_merge(tx.messages._session, merged, survivor)
        follow_recipient(tx, merged, survivor)
    with world.database.transaction(ALL_TENANTS) as session:
        while rewrite_some(session, NotificationService.names_subjects[0]):
            pass


def inbox(world: World, subject: str, **asked: Any) -> InboxView:
    context = CallContext(
        PORTAL, "elsewhere", department="elsewhere", rule=RULES["inbox"], acting=citizen(subject))
    with everywhere(world) as tx:
        (box,) = read_inboxes(tx, [Call(ReadInbox(**asked), context)])
    return cast(InboxView, box)


def test_a_survivor_reads_what_was_sent_to_the_merged_subject(town: Town) -> None:  # noqa: F811
    before = inbox(town.world, "sub_1").unread
    merge(town.world, "sub_2", "sub_1")
    after = inbox(town.world, "sub_1")
    assert after.unread == 2 * before == len(town.messages)
    assert inbox(town.world, "sub_2").unread == 0, "a session of the merged subject has ended; it reads nothing"


def test_the_department_that_knew_the_merged_subject_knows_the_survivor(town: Town) -> None:  # noqa: F811
    with everywhere(town.world) as tx:
        tx.recipients.add([("police", "sub_2")])
    merge(town.world, "sub_2", "sub_1")
    with everywhere(town.world) as tx:
        assert tx.recipients.known([("police", "sub_1"), ("tax", "sub_1")]) == {("police", "sub_1")}
