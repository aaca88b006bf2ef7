"""S8: a canary's personal data, token and ticket go through every failure, and must not come out."""
from __future__ import annotations

import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson

from shared_components.bus import BusClient
from shared_components.bus.amqp import names
from shared_components.kernel.errors import AppError
from tests.faults import payments
from tests.faults.asking import REFUSALS, Ask, RawUser
from tests.faults.canaries import PERSON, SECRET, SIGNATURE, TOKEN, classified, found_in, with_canaries
from tests.faults.deployed import SERVICES, contracts
from tests.faults.inputs import examples
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.workers import ROOT
from tests.faults.world import World

ID, TITLE = "S8", "canary personal data, tokens and tickets through failures"
TARGET = "0 in logs, in errors to callers and in listings of dead letters; no token in a dead letter's body"
OPERATIONS, UNIT = 40, "inputs a method"
OWN = ("till", "auditor")
CALLS_A_MESSAGE = 8


def run(lab: Lab, report: Report) -> None:
    report.faults = "wrong inputs, unreadable messages, failing handlers, no database, no broker, violated keys"
    with lab.world(report.id, *SERVICES, *OWN) as world:
        world.workers.wait_started(*[world.workers.start(name, wait=False) for name in (*SERVICES, *OWN)])
        errors: list[str] = []
        report.add("proof: the search", {}, [] if found_in(f"x {SECRET} y") else ["a canary in a text was not seen"])
        flows = _Flows(world, errors)
        flows.run("healthy")
        flows.run("again")
        sent = _generated(world, report, errors)
        malformed = _malformed(world)
        _own_failures(world, errors)
        lab.postgres.kill()
        flows.run("without a database")
        lab.postgres.start()
        lab.rabbitmq.kill()
        flows.run("without a broker")
        lab.rabbitmq.start()
        wait_for(lambda: flows.run("healthy again") > 0, 30)
        listings = _listings(world)
        _judge_bodies(world, report)
        _judge(world, report, errors, listings, {"flows": flows.count, "inputs": sent, "malformed": malformed})


class _Flows:
    """Calls of an app with a person's data."""

    def __init__(self, world: World, errors: list[str]) -> None:
        self._errors, self.count = errors, 0
        self._client = world.client(timeout_s=2)
        with suppress(AppError):
            payments.prepare(self._client)
        self._app = world.client(caller="app-demo", timeout_s=2).with_context(None, token=TOKEN)
        self._gateway = world.client(caller="gateway", timeout_s=2).with_context(
            None, ticket=TOKEN, for_app="app-demo", tenant="default")

    def run(self, when: str) -> int:
        """How many of the steps were ok."""
        ok = 0
        for step in (self._register, self._find, self._order, self._other_order, self._notify, self._issue,
                     self._by_token, self._by_ticket):
            self.count += 1
            try:
                step(self._client, when)
                ok += 1
            except AppError as error:
                self._errors.append(_text_of(error))
        return ok

    def _register(self, client: BusClient, when: str) -> None:
        client.identity.register_person(**PERSON, op_id=f"register {when}")

    def _find(self, client: BusClient, when: str) -> None:
        client.identity.find_subject(id_number=PERSON["id_number"])

    def _order(self, client: BusClient, when: str) -> None:
        client.payment.create_order(payer_name=PERSON["name"], op_id="order", lines=[
            {"item_code": payments.FEE_ITEM["item_code"], "quantity": 1}])  # fmt: skip

    def _other_order(self, client: BusClient, when: str) -> None:
        """The same operation id for another request."""
        client.payment.create_order(payer_name=SECRET, op_id="order", lines=[{"item_code": "none", "quantity": 1}])

    def _notify(self, client: BusClient, when: str) -> None:
        """There is no mail server: it is tried again, and fails."""
        client.notification.put_template(
            template_code="canary", channel="email", subject="{{x}}", body="{{x}}", op_id="template")
        client.notification.send(template_code="canary", channel="email", address=PERSON["email"],
                                 values={"x": SECRET}, op_id=f"send {when}")  # fmt: skip

    def _issue(self, client: BusClient, when: str) -> None:
        client.elicence.issue(
            type_code="canary", holder_subject="sub_x", holder_name=PERSON["name"], content={"x": SECRET},
            holder_id_number=PERSON["id_number"], op_id=f"issue {when}")  # fmt: skip


    def _by_token(self, _client: BusClient, when: str) -> None:
        self._app.payment.create_order(payer_name=SECRET, op_id=f"token {when}", lines=[])

    def _by_ticket(self, _client: BusClient, when: str) -> None:
        self._gateway.elicence.get(licence_id="lic_x")


def _text_of(error: AppError) -> str:
    return f"{error.code} {error.message} {orjson.dumps(error.details, default=str).decode()}"


def _generated(world: World, report: Report, errors: list[str]) -> int:
    """For each method that takes personal data: inputs that fit and that do not, with canaries where it belongs."""
    count = 0
    for service, contract in contracts().items():
        for name, method in contract["methods"].items():
            paths = list(classified(method["request"]))
            if not paths:
                continue
            bodies = examples(method["request"], report.operations, report.seed)
            asks = [Ask(f"{name}-{number}", name, with_canaries(body, paths, number),
                        context={"caller": method["callers"][-1]}) for number, body in enumerate(bodies)]  # fmt: skip
            with RawUser(world.broker_url) as user:
                for first in range(0, len(asks), CALLS_A_MESSAGE):
                    user.ask(service, asks[first:first + CALLS_A_MESSAGE], user_id=False)
                refused = [reply["error"] for reply in user.replies.values() if reply.get("error")]
            errors += [orjson.dumps(error).decode() for error in refused]
            count += len(asks)
    return count


def _malformed(world: World) -> int:
    """Messages with a canary inside that nobody can read or answer."""
    context = {"token": TOKEN, "ticket": TOKEN}
    body = orjson.dumps({"args": [], "kwargs": {**PERSON, "text": SECRET}, "context": context})
    proofs = {"nameko.token": TOKEN, "nameko.ticket": TOKEN, "nameko.version": "2"}
    forms: list[tuple[bytes, dict[str, Any]]] = [
        (body, {"content_type": "text/plain"}), (body, {"reply_to": "rpc-payment"}), (body[:-3], {"reply_to": ""}),
        (body, {"content_type": names.CALLS_CONTENT_TYPE}),
        (b"[" + body + b"]", {"content_type": names.CALLS_CONTENT_TYPE}),
        (body[:-3], {}), (body + b"\xff", {"reply_to": ""}), (body, {"correlation_id": ""}),
        (body, {"application_headers": proofs}), (body, {"reply_to": "", "application_headers": proofs}),
        (body, {"reply_to": "", "message_id": "msg_canary", "type": TOKEN}), (TOKEN.encode(), {"reply_to": ""}),
    ]  # fmt: skip
    count = 0
    for service in (*SERVICES, *OWN):
        with RawUser(world.broker_url) as user:
            for content, changes in forms:
                properties = {"content_type": names.JSON_CONTENT_TYPE, "correlation_id": str(uuid.uuid4()), **changes}
                with suppress(*REFUSALS):
                    user.publish(content, f"{service}.find_subject", **properties)
                    count += 1
            user.publish(body[:60], "kept", "till.events", content_type=names.EVENT_CONTENT_TYPE)
            user.settle()
    return count


def _own_failures(world: World, errors: list[str]) -> None:
    client = world.client(timeout_s=4)
    calls: list[Callable[[], Any]] = [
        lambda: client.till.claim(key=SECRET, op_id="claim 1"), lambda: client.till.claim(key=SECRET, op_id="claim 2"),
        lambda: client.till.keep(key=SECRET, fails=20, op_id="keep"),
        lambda: client.till.keep(key=SECRET * 50, op_id="long"),
        lambda: client.till.say(text=SECRET, unknown=SECRET),
    ]  # fmt: skip
    for call in calls:
        try:
            call()
        except AppError as error:
            errors.append(_text_of(error))
    wait_for(lambda: len(world.dead("auditor")) >= 2, 15)


def _listings(world: World) -> str:
    """Give the dead letters as operations staff see them, by the command and in Python."""
    letters = {name: world.dead(name) for name in (*SERVICES, *OWN)}
    shown = [repr(one) + one.text for some in letters.values() for one in some]
    configuration = str(world.folder / "zhongtai.yaml")
    commands = [["dlq", "list", *SERVICES], ["dlq", "list", "--json", *SERVICES], ["status", *SERVICES]]
    commands += [["dlq", "show", name, letters[name][0].message_id] for name in SERVICES if letters[name]]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "--config", configuration, *command],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
        shown.append(done.stdout + done.stderr)
    return "\n".join(shown)


def _judge_bodies(world: World, report: Report) -> None:
    """Bodies of dead letters may hold personal data, and no proof of a person."""
    bodies = [letter.body.decode("utf-8", "replace") for name in SERVICES for letter in world.dead(name)]
    wrong = [f"a token is in a dead letter: {body[:200]}" for body in bodies if SIGNATURE in body]
    report.add("bodies of dead letters", {"letters": len(bodies), "found": len(wrong)}, wrong[:3])


def _judge(world: World, report: Report, errors: list[str], listings: str, counts: Mapping[str, int]) -> None:
    places = {"logs of services": [worker.text() for worker in world.workers.all], "errors to callers": errors,
              "listings of dead letters": [listings]}  # fmt: skip
    report.add("sent", dict(counts))
    for place, texts in places.items():
        found = sum((found_in(text) for text in texts), Counter[str]())
        examples_of = [text for text in texts if found_in(text)][:2]
        lines = [line[:300] for text in examples_of for line in text.splitlines() if found_in(line)][:3]
        report.add(place, {"KiB": sum(map(len, texts)) // 1024, "found": found.total()},
                   [f"{dict(found)}, as in: {line}" for line in lines])  # fmt: skip
