"""S7: generated inputs for every method of every service."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from shared_components.bus.errors import BUS_ERRORS
from shared_components.db import errors as db_errors
from shared_components.kernel.errors import CATEGORIES, AppError
from tests.faults.asking import Ask, RawUser
from tests.faults.deployed import SERVICES, contracts
from tests.faults.inputs import examples
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "S7", "generated inputs for every method of all services"
TARGET = "only typed errors, each one of the method's contract or of the platform; no process exits"
OPERATIONS, UNIT, TABLE = 1000, "inputs a method", 1000
# bytes of JSON; a message may have 256 KiB
CALLS_A_MESSAGE, LONGEST_BODY, LARGEST_BODY = 64, 200_000, 250_000

# what any method may answer
DATABASE_ERRORS = [one for one in vars(db_errors).values() if isinstance(one, type) and issubclass(one, AppError)]
PLATFORM = {error.code for error in (*BUS_ERRORS, *DATABASE_ERRORS)}


def run(lab: Lab, report: Report) -> None:
    report.faults = "requests that fit the contract's JSON schema, and such with a value, a part or a kind changed"
    report.note_size(TABLE)
    with lab.world(report.id, *SERVICES) as world:
        workers = {name: world.workers.start(name, wait=False) for name in SERVICES}
        world.workers.wait_started(*workers.values())
        for service, contract in contracts().items():
            found = _Answers()
            for method in contract["methods"]:
                _ask_all(world, service, method, contract["methods"][method], report, found)
            if not workers[service].running:
                found.wrong.append(f"the process exited: {workers[service].text()[-300:]}")
            report.add(service, {
                "methods": len(contract["methods"]), "inputs": found.inputs, "ok": found.ok,
                "typed errors": found.typed.total(), "codes": len(found.typed)}, found.wrong)  # fmt: skip


class _Answers:
    def __init__(self) -> None:
        self.inputs = self.ok = 0
        self.typed: Counter[str] = Counter()
        self.wrong: list[str] = []


def _ask_all(
    world: World, service: str, method: str, contract: Mapping[str, Any], report: Report, found: _Answers
) -> None:
    bodies = [body for body in examples(contract["request"], report.operations, report.seed) if _is_for_a_message(body)]
    allowed = PLATFORM | set(contract["errors"])
    caller = {"caller": "operator" if "operator" in contract["callers"] else contract["callers"][0]}
    with RawUser(world.broker_url) as user:
        for first in range(0, len(bodies), CALLS_A_MESSAGE):
            asks = [Ask(f"{method}-{first + number}", method, body, context=caller)
                    for number, body in enumerate(bodies[first:first + CALLS_A_MESSAGE])]  # fmt: skip
            for some in _that_fit(asks):
                user.ask(service, some, user_id=False)
        _judge(user.replies, bodies, method, allowed, found)


def _is_for_a_message(body: Any) -> bool:
    """Tell whether it is below the limit: a larger message is a dead letter without an answer, see R21."""
    return len(json.dumps(body)) < LARGEST_BODY


def _that_fit(asks: list[Ask]) -> list[list[Ask]]:
    """Long texts come alone: a message over the limit would be refused as a whole."""
    long = [one for one in asks if len(str(one.kwargs)) > LONGEST_BODY // CALLS_A_MESSAGE]
    short = [one for one in asks if one not in long]
    return [some for some in (short, *[[one] for one in long]) if some]


def _judge(
    replies: Mapping[str, Any], bodies: list[dict[str, Any]], method: str, allowed: set[str], found: _Answers
) -> None:
    untyped: dict[str, list[Any]] = {}
    for number, body in enumerate(bodies):
        found.inputs += 1
        reply = replies.get(f"{method}-{number}")
        error = None if reply is None else reply.get("error")
        if reply is None:
            untyped.setdefault("no answer", []).append(body)
        elif error is None:
            found.ok += 1
        elif error["category"] not in CATEGORIES or error["code"] not in allowed:
            untyped.setdefault(error["code"], []).append(body)
        else:
            found.typed[error["code"]] += 1
    found.wrong += [f"{method}: {len(some)} x {code}, as for {str(min(some, key=lambda body: len(str(body))))[:300]}"
                    for code, some in untyped.items()]  # fmt: skip
