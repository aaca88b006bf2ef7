"""Run a group of calls of one method: authorise, load, one transaction, dump. Each call fails or succeeds by itself."""
from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from time import sleep, time
from typing import Any

from marshmallow import ValidationError

from shared_components.bus.errors import DeadlinePassed, InvalidArguments
from shared_components.bus.server import sector_ids
from shared_components.bus.server.call_admission import admit_calls
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.bus.server.kept_replies import KeptReplies, split_repeated
from shared_components.bus.server.refusal_records import record_refusals
from shared_components.bus.server.requests import Outcome, Request
from shared_components.bus.server.schema_instances import dump_all, load_all, schema_of
from shared_components.bus.server.transactions import Transactions
from shared_components.bus.server.use_records import may_disclose, recorded_afterwards, recorded_uses
from shared_components.contracts.field_messages import first_fields, in_both_languages
from shared_components.contracts.registry import MethodContract
from shared_components.db import KeyTaken, WriteRace
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError, Conflict, Internal, NotFound
from shared_components.observability.metrics import METRICS
from shared_components.observability.tracing import follow_common_trace, trace_id_of
from shared_components.security.authority import Reach, reach
from shared_components.security.authority.refusals import collected_refusals

log = logging.getLogger(__name__)

RACES = (WriteRace, KeyTaken)
TRIES = 10
"""Of a call whose transaction loses a race; each time another transaction has won."""
LONGEST_PAUSE_S = 0.1

def run_calls(
    service: Any, contract: MethodContract, handler: Callable[..., Any], requests: Sequence[Request],
) -> Sequence[Request]:
    """Finish every request of the group; never raises for what one call did."""
    if contract.deprecated is not None:
        for request in requests:
            METRICS.record_deprecated(service.name, contract.name, request.context.caller)
    # a service without a database has no transactions; its handlers are given None
    transactions: Transactions | None = getattr(service, "transactions", None)
    pairwise = None if transactions is None else transactions.provider.secrets.pairwise_ids
    of_apps = [] if pairwise is None or not pairwise.enabled else sector_ids.of_apps(requests)
    with collected_refusals() as refused:
        admit_calls(transactions, contract, requests, getattr(service, "name", ""))
        if pairwise is not None and of_apps:
            sector_ids.read_requests(pairwise, contract, of_apps)
        _load(contract, requests)
        runner = _Runner(service, contract, handler, transactions)
        open_requests = [request for request in requests if not request.done]
        if open_requests:
            runner.run(open_requests)
    if refused.unknown or refused.by_key:
        record_refusals(service, contract, transactions, refused)
    if pairwise is not None and of_apps:
        sector_ids.write_outcomes(pairwise, contract, of_apps)
    return requests


def _is_expired(request: Request, now: float) -> bool:
    return request.context.deadline_s is not None and request.context.deadline_s < now


def _load(contract: MethodContract, requests: Sequence[Request]) -> None:
    waiting = [request for request in requests if not request.done]
    if not waiting:
        return
    try:
        loaded = load_all(contract.request, [request.kwargs for request in waiting])
    except ValidationError as error:
        bad = _messages(error)
        for index, request in enumerate(waiting):
            if index in bad:
                request.finish(_invalid(contract, bad[index]))
        good = [request for request in waiting if not request.done]
        if len(good) < len(waiting):
            _load(contract, good)
        else:
            # an error of the list as a whole names no call: find each by itself
            _load_each(contract, waiting)
        return
    except Exception:
        # A rule of the schema failed on one of them, instead of refusing it: find out on which.
        _load_each(contract, waiting)
        return
    for request, data in zip(waiting, loaded, strict=True):
        request.call = tuple.__new__(Call, (data, request.context))  # half the time of Call(…), once a call


def _load_each(contract: MethodContract, requests: Sequence[Request]) -> None:
    for request in requests:
        try:
            request.call = Call(schema_of(contract.request).load(request.kwargs), request.context)
        except ValidationError as error:
            request.finish(_invalid(contract, _messages(error)))
        except Exception as error:
            request.finish(as_app_error(error, contract.name, request.context))


def _messages(error: ValidationError) -> dict[Any, Any]:
    messages: dict[Any, Any] = error.normalized_messages()
    return messages


def _invalid(contract: MethodContract, fields: Any) -> InvalidArguments:
    known = list(schema_of(contract.request).fields)
    told, left_out = first_fields(fields)
    named = ", ".join(sorted(map(str, told))) if isinstance(told, Mapping) else "arguments"
    more, more_zh = (f" and {left_out} more", f"等（另有 {left_out} 处）") if left_out else ("", "")
    return InvalidArguments(
        Bilingual(f"'{contract.name}' got wrong arguments: {named}{more}; it takes {known}",
                  f"“{contract.name}”的参数有误：{named}{more_zh}；允许的参数：{'、'.join(known)}"),
        details={"fields": in_both_languages(told), "allowed": known},
    )


class _Runner:
    """Runs loaded requests of one method in transactions."""

    def __init__(
        self, service: Any, contract: MethodContract, handler: Callable[..., Any], transactions: Transactions | None,
    ) -> None:
        self.service = service
        self.contract = contract
        self.handler = handler
        self._transactions = transactions

    @property
    def transactions(self) -> Transactions:
        if self._transactions is None:
            raise RuntimeError(f"'{self.contract.name}' needs `transactions` on its service")
        return self._transactions

    @cached_property
    def kept(self) -> KeptReplies:
        return KeptReplies(self.contract, self.transactions)

    def run(self, requests: Sequence[Request]) -> None:
        if self.contract.own_transactions and self.contract.bulk:
            self._run_own_together(requests)
        elif self.contract.own_transactions:
            for request in requests:
                self._run_own(request)
        elif self.contract.mutating:
            self._run_mutating(requests)
        else:
            self._run_reading(requests)

    # reading

    def _run_reading(self, requests: Sequence[Request]) -> None:
        try:
            if self._transactions is None:
                self._handle(None, requests)
            else:
                writes = may_disclose(self.service, self.contract, requests)
                begin = self._transactions.scope if writes else self._transactions.reading
                with self._recorded_afterwards(requests), begin(_reach(requests)) as scope:
                    late, timely = _by_deadline(requests)
                    for request in late:
                        request.finish(DeadlinePassed())
                    if timely:
                        self._read(scope, timely, writes=writes)
        except Exception as error:
            self._one_by_one(requests, error, self._run_reading)

    def _read(self, scope: TransactionScope, requests: Sequence[Request], *, writes: bool) -> None:
        with self._recorded_in(scope, requests) if writes else nullcontext():
            self._handle(self.transactions.provider.make(scope), requests)

    def _recorded_in(self, scope: TransactionScope, requests: Sequence[Request]) -> AbstractContextManager[None]:
        return recorded_uses(self.service, scope, self.contract, requests)

    def _recorded_afterwards(self, requests: Sequence[Request]) -> AbstractContextManager[None]:
        return recorded_afterwards(self.service, self.transactions, self.contract, requests)

    # mutating

    def _run_mutating(self, requests: Sequence[Request]) -> None:
        first, repeated = split_repeated(requests)
        try:
            fresh = self._attempt(first)
        except Exception as error:
            self._one_by_one(first, error, self._run_single)
        else:
            for request, outcome in self._recalled(fresh):
                request.finish(outcome)
        if repeated:
            self._run_mutating(repeated)

    def _attempt(self, requests: Sequence[Request]) -> list[tuple[Request, Outcome]]:
        """One transaction for all. Outcomes count only once it has committed."""
        with self.transactions.scope(_reach(requests)) as scope:
            outcomes, fresh = self.kept.known(scope, requests)
            late, fresh = _by_deadline(fresh)
            outcomes += [(request, DeadlinePassed()) for request in late]
            if fresh:
                with self._recorded_in(scope, fresh):
                    self._handle(self.transactions.provider.make(scope), fresh)
                self.kept.record(scope, [
                    request for request in fresh if not isinstance(request.outcome, AppError)])
                outcomes += [(request, request.outcome) for request in fresh]
        return outcomes

    def _recalled(self, outcomes: list[tuple[Request, Outcome]]) -> list[tuple[Request, Outcome]]:
        """The same, but for a call that was refused because of what its own operation had just done elsewhere.

        Its twin was still running when this one looked for its reply; by now the reply is there.
        """
        refused = [request for request, outcome in outcomes if isinstance(outcome, Conflict | NotFound)]
        if not refused:
            return outcomes
        try:
            with self.transactions.reading(_reach(refused)) as scope:
                known, _ = self.kept.known(scope, refused)
        except AppError:
            return outcomes
        replies = {id(request): reply for request, reply in known}
        return [(request, replies.get(id(request), outcome)) for request, outcome in outcomes]

    def _run_single(self, requests: Sequence[Request]) -> None:
        (request,) = requests
        for tried in range(1, TRIES + 1):
            try:
                ((_, outcome),) = self._attempt([request])
            except RACES as error:
                # Another transaction committed the same key, or the same operation: the next try finds what it wrote.
                outcome, last = error, tried == TRIES
            except Exception as error:
                outcome = error
                last = isinstance(error, AppError) or tried > 1
            else:
                last = True
            if last:
                break
            self._wait_for_another(outcome, tried)
        self._finish_one(request, outcome)

    def _finish_one(self, request: Request, outcome: Outcome | Exception) -> None:
        if isinstance(outcome, Exception):
            outcome = as_app_error(outcome, self.contract.name, request.context)
        if self.contract.mutating:
            ((_, outcome),) = self._recalled([(request, outcome)])
        request.finish(outcome)

    def _wait_for_another(self, error: Exception, tried: int) -> None:
        name = error.code if isinstance(error, AppError) else type(error).__name__
        log.warning("bus.call.retried", extra={"method": self.contract.name, "error": name, "tried": tried})
        sleep(random.uniform(0, LONGEST_PAUSE_S * tried / TRIES))

    # own transactions

    def _run_own(self, request: Request) -> None:
        _trace([request])
        try:
            outcome = self._stored_reply(request) if self.contract.mutating else None
            if outcome is None and _is_expired(request, time()):
                outcome = DeadlinePassed()
            elif outcome is None:
                with self._recorded_afterwards([request]):
                    outcome = request.outcome = self._dump(
                        self.handler(self.service, self.transactions, request.call))
                if self.contract.mutating:
                    outcome = self._keep_reply(request, outcome)
        except Exception as error:
            outcome = error
        self._finish_one(request, outcome)

    def _run_own_together(self, requests: Sequence[Request]) -> None:
        first, repeated = split_repeated(requests) if self.contract.mutating else (list(requests), [])
        try:
            outcomes = self._attempt_own(first)
        except Exception as error:
            # What the handler has done outside it does not do twice: it asks with the same ids.
            self._one_by_one(first, error, self._run_own_together)
        else:
            for request, outcome in self._recalled(outcomes) if self.contract.mutating else outcomes:
                request.finish(outcome)
        if repeated:
            self._run_own_together(repeated)

    def _attempt_own(self, requests: Sequence[Request]) -> list[tuple[Request, Outcome]]:
        """One look for kept replies, one group for the handler, one transaction to keep its replies."""
        outcomes, fresh = self._stored_replies(requests) if self.contract.mutating else ([], list(requests))
        late, fresh = _by_deadline(fresh)
        outcomes += [(request, DeadlinePassed()) for request in late]
        if fresh:
            with self._recorded_afterwards(fresh):
                self._handle(self.transactions, fresh)
            if self.contract.mutating:
                self._keep_replies([request for request in fresh if not isinstance(request.outcome, AppError)])
            outcomes += [(request, request.outcome) for request in fresh]
        return outcomes

    def _stored_replies(self, requests: Sequence[Request]) -> tuple[list[tuple[Request, Outcome]], list[Request]]:
        with self.transactions.reading(_reach(requests)) as scope:
            return self.kept.known(scope, requests)

    def _keep_replies(self, requests: Sequence[Request]) -> None:
        """As for one; where one of them ran twice at once, each by itself."""
        if not requests:
            return
        try:
            with self.transactions.scope(_reach(requests)) as scope:
                self.kept.record(scope, requests)
        except WriteRace:
            for request in requests:
                request.outcome = self._keep_reply(request, request.outcome)

    def _keep_reply(self, request: Request, outcome: Outcome) -> Outcome:
        """Record the reply; when the same operation ran twice at once, the first one's reply counts for both."""
        request.outcome = outcome
        try:
            with self.transactions.scope(_reach([request])) as scope:
                self.kept.record(scope, [request])
        except WriteRace:
            return self._stored_reply(request)
        return outcome

    def _stored_reply(self, request: Request) -> Outcome:
        with self.transactions.reading(_reach([request])) as scope:
            known, _ = self.kept.known(scope, [request])
        return known[0][1] if known else None

    # all

    def _handle(self, tx: Any, requests: Sequence[Request]) -> None:
        """Call the handler; sets outcomes, marks nothing as done when mutating (the commit decides)."""
        if self.contract.bulk:
            _trace(requests)
            results = self.handler(self.service, tx, [request.call for request in requests])
            if len(results) != len(requests):
                raise RuntimeError(f"'{self.contract.name}' gave {len(results)} results for {len(requests)} calls")
            self._dump_all(requests, results)
        else:
            for request in requests:
                _trace([request])
                request.outcome = self._dump(self.handler(self.service, tx, request.call))
        if not self.contract.mutating:
            for request in requests:
                request.done = True

    def _dump_all(self, requests: Sequence[Request], results: Sequence[Any]) -> None:
        good = [result for result in results if not isinstance(result, AppError)]
        dumped = iter(dump_all(self.contract.reply, good))
        for request, result in zip(requests, results, strict=True):
            request.outcome = result if isinstance(result, AppError) else next(dumped)

    def _dump(self, result: Any) -> Outcome:
        return dump_all(self.contract.reply, [result])[0]

    def _one_by_one(
        self, requests: Sequence[Request], error: Exception, run: Callable[[Sequence[Request]], None],
    ) -> None:
        """The group failed as a whole: give each call its own try, so that only the guilty one fails."""
        final = isinstance(error, AppError) and not isinstance(error, RACES)
        if len(requests) == 1 and (final or run != self._run_single):
            self._finish_one(requests[0], error)
            return
        for request in requests:
            run([request])


def as_app_error(error: Exception, method: str, context: CallContext) -> AppError:
    """An AppError as it is; anything else is a bug: logged once here, answered with its trace id only."""
    if isinstance(error, AppError):
        return error
    trace_id = trace_id_of(context.traceparent)
    log.error("bus.call.failed", exc_info=error, extra={"method": method, "trace_id": trace_id})
    return Internal(details={"trace_id": trace_id})


def _trace(requests: Sequence[Request]) -> None:
    follow_common_trace(request.context.traceparent for request in requests)


def _reach(requests: Sequence[Request]) -> Reach:
    return reach([request.context for request in requests])


def _by_deadline(requests: Sequence[Request]) -> tuple[list[Request], list[Request]]:
    """Those whose deadline has passed, perhaps while a connection to the database was waited for; and the others."""
    now = time()
    late = [request for request in requests if _is_expired(request, now)]
    return late, [request for request in requests if not _is_expired(request, now)] if late else list(requests)
