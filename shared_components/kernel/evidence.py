"""The port through which use cases record who did or saw what, so that nobody can change it afterwards unnoticed."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from shared_components.kernel.calls import CallContext

Fact = str | int | bool | None | Sequence[str]


class EvidenceTx(Protocol):
    """A transaction that records evidence; the record is committed with the effect, or not at all."""

    def record_evidence(
        self, context: CallContext | None, *, owner: str, action: str, about: str, basis: str = "own",
        fields: Sequence[str] = (), case: str | None = None, details: Mapping[str, Fact] | None = None,
        values: Mapping[str, str | None] | None = None, cause: str | None = None,
    ) -> str:
        """Add a record to the owner's log; gives its id.

        context: who acts, and for whom. None: the service by itself, as in event handlers and scheduled work.
        owner: tenant id of the department whose log this belongs to.
        action: constant `noun.past-verb`, such as `department.renamed`; about: id of the thing it was done to.
        basis: own, holder, grant, agreement, public, platform or outside.
        fields: names of fields that were disclosed or changed. details: ids, states and counts. No personal data.
        values: field → value. Only an HMAC is kept, with a key for this record; the owner can check a value later.
        cause: free text, at most 200 characters; it is kept encrypted.
        """
        ...
