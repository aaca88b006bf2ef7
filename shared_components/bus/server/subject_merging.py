"""The mixin of services whose rows name subjects: the rows of a merged subject become those of its survivor.

Source: docs/adr/084-rows-follow-a-merged-subject.md
"""
from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from shared_components.bus.server.entrypoints import every, on_event
from shared_components.db import ALL_TENANTS
from shared_components.db.subject_aliases import NamedSubject, learn_merge, rewrite_some

if TYPE_CHECKING:
    from shared_components.bus.server.event_recorder import TransactionScope
    from shared_components.bus.server.transactions import Transactions
    from shared_components.kernel.calls import Event

log = logging.getLogger(__name__)

SWEEP_S = 60.0


class SubjectMerging:
    """Follows merges of subjects. The service's database needs create_alias_table.

    names_subjects: the columns that name a holder, a payer, an applicant, a recipient.
    """

    names_subjects: ClassVar[Sequence[NamedSubject]] = ()

    @on_event("identity", "subject-merged", own_transactions=True)
    def follow_merge(self, transactions: Transactions, event: Event) -> None:
        """Learn of a merge, and let the rows of the merged subject follow; doing it again changes nothing."""
        merged_id = event.data["merged_id"]
        with transactions.scope(ALL_TENANTS) as scope:
            survivor_id = learn_merge(scope.session, merged_id, event.data["subject_id"])
            self.subject_merged(transactions, scope, merged_id, survivor_id)
        rewritten = rewrite(transactions, self.names_subjects)
        log.info("bus.subject.merged", extra={"service": transactions.provider.contract.service, "rows": rewritten})

    @every(seconds=SWEEP_S)
    def follow_late_rows(self, transactions: Transactions) -> None:
        """Let rows follow that named a merged subject after its merge: apps go on to use an id that they keep."""
        rewrite(transactions, self.names_subjects)

    def subject_merged(
        self, transactions: Transactions, scope: TransactionScope, merged_id: str, survivor_id: str,
    ) -> Any:
        """Do what a service does besides, in the transaction that learns of the merge."""


def rewrite(transactions: Transactions, named: Sequence[NamedSubject]) -> int:
    """Rewrite all rows that name a merged subject, in short transactions; gives how many they were."""
    count = 0
    for column in named:
        while True:
            with transactions.scope(ALL_TENANTS) as scope:
                some = rewrite_some(scope.session, column)
            if not some:
                break
            count += some
    return count
