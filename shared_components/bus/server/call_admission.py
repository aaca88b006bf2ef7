"""Admission of calls, before anything is loaded: by the method's callers, its rule, and the directory."""
from __future__ import annotations

from collections.abc import Sequence
from time import time

from shared_components.bus.errors import CallerNotAllowed, DeadlinePassed
from shared_components.bus.server.directory_apps import admit_app, calls_directly
from shared_components.bus.server.requests import Request
from shared_components.bus.server.transactions import Transactions
from shared_components.contracts.registry import MethodContract
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.callers import GATEWAY, admits
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority.admission import admit
from shared_components.security.authority.copies import process_copies
from shared_components.security.authority.refusals import note_refused


def admit_calls(transactions: Transactions | None, contract: MethodContract, requests: Sequence[Request]) -> None:
    """Finish the calls that are refused whatever they ask for."""
    _refresh_copies(transactions, contract, requests)
    _admit(contract, requests)
    _admit_apps(transactions, contract, requests)


def _refresh_copies(
    transactions: Transactions | None, contract: MethodContract, requests: Sequence[Request],
) -> None:
    """Bring what calls of persons, and of apps over AMQP, are decided by up to date; when it is stale, they fail.

    An app that the directory does not know is the setting's: its calls need no copy.
    """
    deciding = [
        request for request in requests if request.context.acting is not None or calls_directly(request.context)]
    if transactions is None or not deciding or contract.rule is None:
        return
    copies = transactions.provider.copies
    if copies is not None and copies.is_unserved() and not any(request.context.acting for request in deciding):
        return  # apps without a directory go by the setting, and pay nothing
    try:
        transactions.refresh_copies()
    except AppError as stale:
        known = process_copies()
        for request in deciding:
            if request.context.acting is not None or known.app(request.context.caller) is not None:
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


def _admit_apps(transactions: Transactions | None, contract: MethodContract, requests: Sequence[Request]) -> None:
    """Refuse calls of apps over AMQP that the directory does not let call so."""
    direct = [request for request in requests if not request.done and calls_directly(request.context)]
    if transactions is None or not direct or transactions.provider.copies is None:
        return
    service, copies = transactions.provider.contract.service, process_copies()
    for request in direct:
        try:
            admit_app(request.context, service, contract.name, copies)
        except AppError as refusal:
            note_refused(request.context, request.context.tenant, refusal.code)
            request.finish(refusal)


def _admit_person(rule: MethodRule, request: Request) -> None:
    try:
        admit(request.context, rule, process_copies())
    except AppError as refusal:
        note_refused(request.context, request.context.tenant, refusal.code)
        request.finish(refusal)
