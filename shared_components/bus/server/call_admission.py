"""Admission of calls, before anything is loaded: by the method's callers, its rule, and the directory."""
from __future__ import annotations

from collections.abc import Sequence
from time import time

from shared_components.bus.amqp import degraded
from shared_components.bus.errors import CallerNotAllowed, DeadlinePassed
from shared_components.bus.server.directory_apps import admit_app, calls_directly
from shared_components.bus.server.requests import Request
from shared_components.bus.server.transactions import Transactions
from shared_components.contracts.registry import MethodContract
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.callers import GATEWAY, admits
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority.admission import admit
from shared_components.security.authority.copies import Copies, process_copies
from shared_components.security.authority.refusals import note_refused


def admit_calls(
    transactions: Transactions | None, contract: MethodContract, requests: Sequence[Request], service: str,
) -> None:
    """Finish the calls that are refused whatever they ask for."""
    if _refuse_degraded(contract, requests, service):
        return
    # A service without a database keeps no copies: nothing but its contract decides there.
    direct = [] if transactions is None else [request for request in requests if calls_directly(request.context)]
    if transactions is not None and contract.rule is not None:
        _refresh_copies(transactions, direct, [
            request for request in requests if request.context.acting is not None])
    _admit(contract, requests)
    if transactions is not None and direct and transactions.provider.copies is not None:
        _admit_apps(transactions.provider.contract.service, contract.name, direct)


def _refuse_degraded(contract: MethodContract, requests: Sequence[Request], service: str) -> bool:
    """Refuse what operators have switched off, before anything else is done for it."""
    refusal = degraded.current().refusal(service, contract.name, contract.load_class, time())
    if refusal is not None:
        for request in requests:
            request.finish(refusal)
    return refusal is not None


def _refresh_copies(transactions: Transactions, direct: Sequence[Request], of_persons: Sequence[Request]) -> None:
    """Bring what calls of persons, and of apps over AMQP, are decided by up to date; when it is stale, they fail.

    An app that the directory does not know is the setting's: its calls need no copy.
    """
    if not direct and not of_persons:
        return
    copies = transactions.provider.copies
    if copies is not None and copies.is_unserved() and not of_persons:
        return  # apps without a directory go by the setting, and pay nothing
    try:
        transactions.refresh_copies()
    except AppError as stale:
        known = process_copies()
        for request in of_persons:
            request.finish(stale)
        for request in direct:
            if known.app(request.context.caller) is not None:
                request.finish(stale)


def allows(contract: MethodContract, caller: str) -> bool:
    """Tell whether the contract admits this sender: by name, as an application (`app-…`), or as any service."""
    return admits(contract.callers, caller)


def _admit(contract: MethodContract, requests: Sequence[Request]) -> None:
    now, rule = time(), contract.rule
    senders = {request.context.via or request.context.caller for request in requests}
    strangers = {sender for sender in senders if not allows(contract, sender)}
    for request in requests:
        if request.done:
            continue
        context = request.context
        if not contract.public and context.via == GATEWAY:
            # The gateway offers apps nothing else; a method that is open to it is open for its own work.
            request.finish(CallerNotAllowed(Bilingual(
                f"'{contract.name}' is not public; '{GATEWAY}' passes calls of apps on to public methods only",
                f"“{contract.name}”不是公开方法；“{GATEWAY}”只能将应用的调用转至公开方法")))
        elif strangers and context.sender in strangers:
            request.finish(CallerNotAllowed(Bilingual(
                f"caller '{context.sender}' may not use '{contract.name}'; it is open to {sorted(contract.callers)}",
                f"调用方“{context.sender}”不得使用“{contract.name}”；仅对{listed_zh(sorted(contract.callers))}开放")))
        elif context.deadline_s is not None and context.deadline_s < now:
            request.finish(DeadlinePassed())
        elif rule is not None and (rule.as_subject or context.acting is not None):
            _admit_person(rule, request)


def _admit_apps(service: str, method: str, requests: Sequence[Request]) -> None:
    """Refuse calls of apps over AMQP that the directory does not let call so. Each app is judged once a group."""
    copies = process_copies()
    verdicts: dict[tuple[str, str | None], AppError | None] = {}
    for request in requests:
        if request.done:
            continue
        app = request.context.caller, request.context.department
        if app not in verdicts:
            verdicts[app] = _refusal(request.context, service, method, copies)
        refusal = verdicts[app]
        if refusal is not None:
            note_refused(request.context, request.context.tenant, refusal.code)
            request.finish(refusal)


def _refusal(context: CallContext, service: str, method: str, copies: Copies) -> AppError | None:
    """The error that an app's calls get. It depends on caller and department alone."""
    try:
        admit_app(context, service, method, copies)
    except AppError as refusal:
        return refusal
    return None


def _admit_person(rule: MethodRule, request: Request) -> None:
    try:
        admit(request.context, rule, process_copies())
    except AppError as refusal:
        note_refused(request.context, request.context.tenant, refusal.code)
        request.finish(refusal)
