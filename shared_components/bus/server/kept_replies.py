"""Replies that are kept under their operation id: the same call gets the same reply, and only who made it does."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

from shared_components.bus.errors import OperationReused, ReplyNotKept
from shared_components.bus.server.requests import Outcome, Request
from shared_components.db import operations
from shared_components.kernel.apps import BEFORE_APPS
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.security import Undecryptable

if TYPE_CHECKING:
    from shared_components.bus.server.event_recorder import TransactionScope
    from shared_components.bus.server.transactions import Transactions
    from shared_components.contracts.registry import MethodContract
    from shared_components.kernel.calls import CallContext
    from shared_components.security.keyed_hash import KeyedHash

NOT_KEPT = b""
_UNKEYED_LENGTH = 64
"""The length of a request hash of versions before keyed hashes; they stay usable."""


class KeptReplies:
    """The operations of one method of one service."""

    def __init__(self, contract: MethodContract, transactions: Transactions) -> None:
        self._contract, self._transactions = contract, transactions

    def known(
        self, scope: TransactionScope, requests: Sequence[Request],
    ) -> tuple[list[tuple[Request, Outcome]], list[Request]]:
        """Split off the requests whose operation was done before, with the reply it got then."""
        stored = operations.find(scope.session, [key_of(request) for request in requests])
        if not stored:
            return [], list(requests)
        known: list[tuple[Request, Outcome]] = []
        fresh = []
        for request in requests:
            operation = stored.get(key_of(request))
            if operation is None:
                fresh.append(request)
            else:
                known.append((request, self._outcome(scope, request, operation)))
        return known, fresh

    def record(self, scope: TransactionScope, requests: Sequence[Request]) -> None:
        """Keep the replies of calls that succeeded; they become visible with the commit."""
        keyed = self._keyed(scope)
        operations.record(scope.session, [self._row(scope, keyed, request) for request in requests])

    def _outcome(self, scope: TransactionScope, request: Request, stored: operations.StoredOperation) -> Outcome:
        op_id = request.context.op_id
        if not self._is_same(scope, request, stored.request_hash):
            return OperationReused(Bilingual(
                f"operation id '{op_id}' was used with another request; use a new one",
                f"操作编号“{op_id}”已用于其他请求，请使用新的编号"))
        try:
            assert request.call is not None, "the call was loaded before its operation is looked up"
            self._transactions.decide_again(scope, self._contract, request.call)
        except AppError as refused:
            return refused
        if stored.reply == NOT_KEPT:
            return ReplyNotKept(Bilingual(
                f"operation id '{op_id}' was done; its reply holds a secret, was given once and is not stored; "
                "if it was lost, ask for another secret with a new operation id",
                f"操作编号“{op_id}”已办理完成，其答复含保密信息，仅提供一次，不予留存；如未收到，请使用新的操作编号重新申请"))
        return _unsealed(scope, request.context, stored.reply)

    def _is_same(self, scope: TransactionScope, request: Request, stored: str) -> bool:
        hashed = self._hashed(request)
        if len(stored) == _UNKEYED_LENGTH:
            return stored == hashlib.sha256(hashed).hexdigest()
        return self._keyed(scope).matches_text(stored, hashed)

    def _row(self, scope: TransactionScope, keyed: KeyedHash, request: Request) -> dict[str, Any]:
        caller, subject, principal, op_id = key_of(request)
        return {
            "caller": caller, "subject": subject, "principal": principal, "op_id": op_id,
            "method": self._contract.name, "request_hash": keyed.text_of(self._hashed(request)),
            "reply": NOT_KEPT if self._contract.secret_reply else _sealed(scope, request),
            "created_at": scope.clock.now(),
        }

    def _hashed(self, request: Request) -> bytes:
        body = orjson.dumps(request.kwargs, option=orjson.OPT_SORT_KEYS)
        return b"\0".join((self._contract.name.encode(), request.context.tenant.encode(), body))

    def _keyed(self, scope: TransactionScope) -> KeyedHash:
        return scope.secrets.keyed_hash(f"operation/{self._transactions.provider.contract.service}")


def key_of(request: Request) -> operations.Key:
    """The key of a call's operation: the caller, the person in whose session it is made, for whom, and the id."""
    context = request.context
    assert context.op_id is not None, "the consumer gives every mutating call an operation id"
    acting = context.acting
    if acting is None:
        return context.caller, "", "", context.op_id
    return context.caller, acting.subject, acting.principal or "", context.op_id


def split_repeated(requests: Sequence[Request]) -> tuple[list[Request], list[Request]]:
    """Operation ids that occur twice in one group: the second waits, and then finds the first one's reply."""
    seen: set[operations.Key] = set()
    first: list[Request] = []
    repeated: list[Request] = []
    for request in requests:
        key = key_of(request)
        (repeated if key in seen else first).append(request)
        seen.add(key)
    return first, repeated


def _sealed(scope: TransactionScope, request: Request) -> bytes:
    """The reply as it is kept: it may hold personal data, and databases are read by more people than services."""
    return scope.secrets.fields.encrypt(orjson.dumps(request.outcome).decode(), aad=_bound_to(request.context))


def _unsealed(scope: TransactionScope, context: CallContext, reply: bytes) -> Outcome:
    try:
        text = scope.secrets.fields.decrypt(reply, aad=_bound_to(context))
    except Undecryptable:
        # Sealed before apps over HTTP had names of their own; `split_operations_of_apps` has moved the row.
        text = scope.secrets.fields.decrypt(reply, aad=f"{BEFORE_APPS}/{context.caller}:{context.op_id}")
    return orjson.loads(text)


def _bound_to(context: CallContext) -> str:
    if context.acting is None:  # as versions before acting persons did
        return f"{context.caller}/{context.op_id}"
    return f"{context.caller}/{context.acting.subject}/{context.acting.principal or ''}/{context.op_id}"
