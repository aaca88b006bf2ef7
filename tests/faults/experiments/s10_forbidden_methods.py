"""S10: every caller asks for every method, by both forms of call, and says that it is somebody else."""
from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from shared_components.bus.deployment.rights import DIRECTORY_SYNC
from shared_components.kernel.callers import admits
from tests.faults.asking import REFUSALS, Ask, RawUser
from tests.faults.deployed import SERVICES, contracts, deploy_shipped, start_services
from tests.faults.lab import Lab
from tests.faults.report import Report

ID, TITLE = "S10", "every caller x every method"
TARGET = "matches the contracts' lists exactly, for coalesced and for plain calls"
OPERATIONS, UNIT = 1, "rounds"
# Nobody's argument: who gets so far as to hear of it was let in, and nothing was done.
KWARGS = {"no-such-argument": 1}
# No subject: stated by an app it is refused before its method is looked at (tests/cases/test_verified_callers.py).
LIES = {"caller": "operator", "tenant": "another"}


def run(lab: Lab, report: Report) -> None:
    report.faults = "callers that state another's name in their calls; the broker has the shipped users"
    with lab.world(report.id, *SERVICES) as world:
        urls = deploy_shipped(lab, world)
        start_services(world, urls)
        wanted = {name: contract["methods"] for name, contract in contracts().items()}
        for user in sorted(urls):
            with RawUser(urls[user]) as raw:
                coalesced = {service: _coalesced(raw, service, list(methods)) for service, methods in wanted.items()}
                plain = {service: {method: _plainly(raw, service, method) for method in methods}
                         for service, methods in wanted.items()}  # fmt: skip
            _compare(report, user, wanted, {"coalesced": coalesced, "plain": plain})


def allowed(user: str, method: Mapping[str, Any]) -> bool:
    # Who administrates the broker's users has no right at any exchange.
    return user != DIRECTORY_SYNC and admits(method["callers"], user)


def _coalesced(raw: RawUser, service: str, methods: list[str]) -> dict[str, str]:
    """method → how the call ended."""
    asks = [Ask(f"{uuid.uuid4()}", method, KWARGS, context=LIES) for method in methods]
    try:
        raw.ask(service, asks)
    except REFUSALS as error:
        raw.reconnect()
        return dict.fromkeys(methods, type(error).__name__)
    return {one.method: _outcome(raw.replies.get(one.id)) for one in asks}


def _plainly(raw: RawUser, service: str, method: str) -> str:
    one = Ask(f"{uuid.uuid4()}", method, KWARGS)
    try:
        raw.ask_plainly(service, one)
    except REFUSALS as error:
        raw.reconnect()
        return type(error).__name__
    return _outcome(raw.replies.get(one.id))


def _outcome(reply: Mapping[str, Any] | None) -> str:
    if reply is None:
        return "no answer"
    return reply["error"]["code"] if reply.get("error") else "done"


LET_IN = {"bus.invalid-arguments", "authority.subject-needed"}
"""A caller who is let in hears what is wrong with the arguments, or that a person must act."""


def _compare(
    report: Report, user: str, wanted: Mapping[str, Mapping[str, Any]],
    outcomes: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> None:
    counts = {"methods": 0, "allowed": 0, "let in": 0, "refused": 0}
    wrong = []
    for form, services in outcomes.items():
        for service, methods in services.items():
            for method, outcome in methods.items():
                may = allowed(user, wanted[service][method])
                expected = LET_IN if may else {"bus.caller-not-allowed", "AccessRefused"}
                counts["methods"] += 1
                counts["allowed"] += may
                counts["let in"] += outcome in LET_IN
                counts["refused"] += outcome in ("bus.caller-not-allowed", "AccessRefused")
                if outcome not in expected:
                    wrong.append(f"{form} {service}.{method} ended with {outcome}; allowed: {may}")
    report.add(user, counts, wrong)
