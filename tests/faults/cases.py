"""Complete cases of matter D beside an orchestrator that is killed: carried, and compared with what components hold."""
from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx

from services.matter.publishing.adapters.shipped import seed
from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError
from shared_components.security.request_signing import sign
from tests.benchmarks.cases.applicants import adults, register
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.workers import ROOT, Worker
from tests.faults.world import World
from tests.unit.payment.sandbox.process import MERCHANT, SECRET, sandbox_process

COMPONENTS = ("notification", "payment", "elicence", "identity")
HOSPITAL = {"key_id": "hospital-1", "source": "hospital", "secret": "a-hospital-for-experiments"}
LEASE_S, TRY_S, PATIENCE_S, START_S = 3.0, 3.0, 120.0, 120.0
GRANTED, REFUSED, WITHDRAWN = "completed", "refused", "withdrawn"
ENDS = (GRANTED, GRANTED, REFUSED, WITHDRAWN)
NOTICES = {GRANTED: 8, WITHDRAWN: 1}
"""At the end, without those of steps that were completed before it was refused or withdrawn."""
NOT_ANSWERED = frozenset({"unavailable", "timeout", "outcome-unknown", "internal"})
STATES = """SELECT case_id, state, stuck, (SELECT count(*) FROM steps WHERE steps.case_id = cases.case_id
  AND steps.state NOT IN ('completed', 'refused', 'skipped', 'cancelled')) AS open FROM cases"""


@dataclass
class Carried:
    """A case on its way. end: how it has to end."""

    subject: str
    end: str
    case_id: str = ""
    failed: str = ""


@dataclass
class CaseWorld:
    """Components in one process, the orchestrator in others."""

    world: World
    configuration: Path
    operator: BusClient
    gateway: BusClient
    cases: list[Carried] = field(default_factory=list)

    def start(self, *, wait: bool = True, **environment: str) -> Worker:
        return self.world.workers.start("matter", wait=wait, configuration=self.configuration, tree=ROOT, **environment)

    def prepare(self, number: int) -> list[Carried]:
        """New applicants, each with a licence that ends soon."""
        persons = list(enumerate(adults()))[len(self.cases): len(self.cases) + number]
        new = [Carried(register(self.operator, person), ENDS[at % len(ENDS)]) for at, person in persons]
        self.cases += new
        return new

    def carry(self, one: Carried) -> None:
        """From the start to the last word from outside; each call is made until it is answered."""
        try:
            self._carry(one)
        except (AppError, TimeoutError, httpx.HTTPError) as error:
            one.failed = f"{type(error).__name__}: {error}"

    def _carry(self, one: Carried) -> None:
        example = seed()["example"]
        one.case_id = self._insist("start_case", f"start-{one.subject}", matter_code=example["matter_code"],
                                   applicant_subject=one.subject, form=example["form"])["case_id"]
        self._insist("submit_case", f"submit-{one.subject}", case_id=one.case_id)
        page = self._waiting(one)
        if one.end == WITHDRAWN:
            self._insist("withdraw_case", f"withdraw-{one.subject}", case_id=one.case_id)
            return
        with httpx.Client(trust_env=False, timeout=20) as payer:
            payer.post(page, data={"action": "confirm"})
        self._answer(one, passed=one.end == GRANTED)

    def _waiting(self, one: Carried) -> str:
        """The page of the payment, once both outsiders are waited for."""
        found: dict[str, Any] = {}

        def ready() -> bool:
            steps = self._insist("get_case", "", case_id=one.case_id)["steps"]
            found.update({step["step"]: step for step in steps})
            return bool(found["medical"]["state"] == found["pay"]["state"] == "waiting")

        if not wait_for(ready, PATIENCE_S, pause_s=0.2):
            raise TimeoutError(f"{one.case_id} does not wait for the outside")
        return str(found["pay"]["result"]["pay_url"])

    def _answer(self, one: Carried, *, passed: bool) -> None:
        result = {"passed": passed, "certificate_number": "TJ1", "examined_on": datetime.now(UTC).date().isoformat()}
        content = {"callback_id": f"m-{one.case_id}", "case_id": one.case_id, "step": "medical", "result": result}
        body = json.dumps(content)
        at = datetime.now(UTC)
        headers = sign(body.encode(), key_id=HOSPITAL["key_id"], key=HOSPITAL["secret"].encode(), at=at)
        key_id, timestamp, signature = (
            headers[name] for name in ("X-Zhongtai-Key-Id", "X-Zhongtai-Timestamp", "X-Zhongtai-Signature"))
        self._insist("receive_callback", f"hospital-{one.case_id}", case_id=one.case_id, step="medical", key_id=key_id,
                     timestamp=timestamp, signature=signature, body=body)

    def _insist(self, method: str, op_id: str, /, **arguments: Any) -> dict[str, Any]:
        """Ask again with the same operation id until there is an answer, as clients do."""
        until = time.monotonic() + PATIENCE_S
        options = {"op_id": op_id} if op_id else {}
        while True:
            try:
                answer: dict[str, Any] = getattr(self.gateway.matter, method)(**arguments, **options, timeout_s=TRY_S)
            except AppError as error:
                if error.category not in NOT_ANSWERED or time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return answer

    def settled(self, seconds: float) -> bool:
        """Whether every case has come to its end, with all its notices and compensations, in time."""
        def ended() -> bool:
            rows = self.world.rows("matter", STATES)
            return all(row.state in (GRANTED, REFUSED, WITHDRAWN, "draft") and not row.open for row in rows)

        return wait_for(ended, seconds, pause_s=0.3)

    def account(self) -> Account:
        return Account(self)


class Account:
    """Cases as they are, and what components hold for them."""

    def __init__(self, made: CaseWorld) -> None:
        rows = made.world.rows
        self._cases = {row.case_id: row for row in rows("matter", STATES)}
        self._carried = made.cases
        orders = rows("payment", "SELECT reference, state FROM orders")
        self._orders = Counter(row.reference.partition(":")[0] for row in orders)
        self._order_state = {row.reference.partition(":")[0]: row.state for row in orders}
        self._messages = Counter(
            (row.reference, row.template_code, row.channel)
            for row in rows("notification", "SELECT reference, template_code, channel FROM messages"))
        held = rows("elicence", "SELECT holder_subject, state FROM licences WHERE prior_identifier IS NOT NULL")
        self._issued = Counter(row.holder_subject for row in held)
        self._valid = Counter(row.holder_subject for row in held if row.state == "issued")
        self._balanced = bool(made.operator.payment.trial_balance(timeout_s=30)["balanced"])

    @property
    def counts(self) -> dict[str, Any]:
        ended = Counter(row.state for row in self._cases.values())
        return {"cases": len(self._cases), **{state: ended[state] for state in (GRANTED, REFUSED, WITHDRAWN)},
                "lost": len(self.lost), "doubled": len(self.doubled), "stuck": len(self.stuck),
                "half undone": len(self.half_undone)}

    @property
    def lost(self) -> list[str]:
        """Cases that were asked for and are not at their end, or without what an end has."""
        return [*(one.failed or one.subject for one in self._carried if self._is_lost(one)),
                *(f"a notice of {one.case_id}" for one in self._carried if self._missing_notices(one))]

    def _is_lost(self, one: Carried) -> bool:
        row = self._cases.get(one.case_id)
        if row is None or row.state != one.end or row.open:
            return True
        return one.end == GRANTED and not (self._valid[one.subject] and self._order_state.get(one.case_id) == "paid")

    def _missing_notices(self, one: Carried) -> bool:
        told = sum(1 for reference, _, _ in self._messages if reference == one.case_id)
        return not self._is_lost(one) and told < NOTICES.get(one.end, 0)

    @property
    def doubled(self) -> list[str]:
        return [*(f"order of {case_id}" for case_id, count in self._orders.items() if count > 1),
                *(f"licence of {subject}" for subject, count in self._issued.items() if count > 1),
                *(f"message {key}" for key, count in self._messages.items() if count > 1)]

    @property
    def stuck(self) -> list[str]:
        return [case_id for case_id, row in self._cases.items() if row.stuck]

    @property
    def half_undone(self) -> list[str]:
        """Cases that ended without a licence and have left money or a licence behind."""
        undone = [one for one in self._carried if one.end != GRANTED and not self._is_lost(one)]
        return [one.case_id for one in undone if self._has_money(one) or self._valid[one.subject]]

    def _has_money(self, one: Carried) -> bool:
        return self._order_state.get(one.case_id, "closed") not in ("closed", "refunded")

    @property
    def wrong(self) -> list[str]:
        found = {"lost": self.lost, "doubled": self.doubled, "stuck": self.stuck, "half undone": self.half_undone}
        wrong = [f"{len(which)} {name}: {which[:3]}" for name, which in found.items() if which]
        return wrong if self._balanced else [*wrong, "the ledger is not balanced"]


@contextmanager
def case_world(lab: Lab, name: str) -> Iterator[CaseWorld]:
    with lab.world(name, "matter", *COMPONENTS) as world, ExitStack() as stack:
        channel = stack.enter_context(sandbox_process())
        gateway = world.client(caller="gateway")
        notify_url = stack.enter_context(_merchant(gateway))
        configuration = world.configure("cases", services={
            "matter": {"callback_keys": [HOSPITAL], "step_lease_s": LEASE_S},
            "payment": {"sandbox": {"base_url": channel, "merchant_id": MERCHANT, "secret": SECRET,
                                    "notify_url": notify_url}}})
        operator = world.client(caller="operator")
        made = CaseWorld(world, configuration, operator, gateway)
        first = made.start(wait=False)
        others = world.workers.start(*COMPONENTS, wait=False, configuration=configuration)
        # Four services in one process, beside another one: longer than a process of one service may take.
        wait_for(lambda: others.started or not others.running, START_S)
        world.workers.wait_started(others, first)
        operator.matter.bootstrap(timeout_s=PATIENCE_S)
        for item in seed()["fee_items"]:
            operator.payment.put_fee_item(**item, timeout_s=30)
        for kind in seed()["licence_types"]:
            operator.elicence.put_type(**kind, timeout_s=30)
        first.kill()
        yield made


@contextmanager
def _merchant(gateway: BusClient) -> Iterator[str]:
    """Hears the channel and passes on what it says, as the gateway does; gives the address."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status = _passed_on(lambda: gateway.payment.apply_channel_notification(
                channel="sandbox", headers=dict(self.headers.items()), body=body, timeout_s=10))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/callbacks/payment/sandbox"
    finally:
        server.shutdown()
        server.server_close()


def _passed_on(call: Callable[[], Any]) -> int:
    try:
        call()
    except AppError:
        return 503
    return 204
