"""Matter D with all real services on a bus, paid at the real sandbox server, mailed by real SMTP. Run as a program.

Arguments: broker URL, database URL, folder for keys, mails and configuration. Prints what was seen as a line of JSON.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import ExitStack, contextmanager  # noqa: E402
from datetime import UTC, datetime, timedelta  # noqa: E402
from functools import partial  # noqa: E402
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import httpx  # noqa: E402
import yaml  # noqa: E402

from services.elicence.service import ELicenceService  # noqa: E402
from services.identity.sandbox.population import PERSONS as POPULATION  # noqa: E402
from services.identity.service import IdentityService  # noqa: E402
from services.matter.publishing.adapters.shipped import seed  # noqa: E402
from services.matter.service import MatterService  # noqa: E402
from services.notification.service import NotificationService  # noqa: E402
from services.payment.service import PaymentService  # noqa: E402
from shared_components.bus import side_by_side  # noqa: E402
from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.configuration.loading import for_service, load_configuration  # noqa: E402
from shared_components.db import migrate  # noqa: E402
from shared_components.kernel.dates import years_later  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from shared_components.observability.health import Health  # noqa: E402
from shared_components.runtime.host import ServiceHost  # noqa: E402
from shared_components.security.request_signing import signature  # noqa: E402

SERVICES = (NotificationService, PaymentService, ELicenceService, IdentityService, MatterService)
SECRET, HOSPITAL = "synthetic-merchant-secret", "synthetic-hospital-secret"
PERSONS = {"330106199003070014": "张建国", "320106196501010019": "王秀兰", "11010519491231002X": "李明华"}
MANY = {number: name for number, name in list(POPULATION.items())[:6] if number not in PERSONS}
PATIENCE_S = 20.0


def main(broker_url: str, database_url: str, folder: str) -> None:
    with ExitStack() as stack:
        world = World(stack, broker_url, database_url, Path(folder))
        seen = {
            "happy": world.happy_path(),
            "refund": world.issue_refused(),
            "violations": world.unpaid_violations(),
            "withdrawn": world.withdrawn(),
            "examination": world.examination_failed(),
            "callbacks": world.bad_callbacks(),
            "many": world.many_at_once(),
            "personal data in files": world.personal_data_in_files(),
            "balanced": world.operator.payment.trial_balance()["balanced"],
        }
        began = time.monotonic()
        seen["clean"] = world.host.stop(15) and time.monotonic() - began < 15
    sys.stdout.write(json.dumps(seen, ensure_ascii=False) + "\n")


class World:
    def __init__(self, stack: ExitStack, broker_url: str, database_url: str, folder: Path) -> None:
        self.mails = folder / "mails"
        bank = stack.enter_context(helper(
            "services.payment.sandbox", "--port", "0", ZHONGTAI_SANDBOX_SECRET=SECRET))
        smtp = stack.enter_context(helper("shared_components.devstack.smtp_sink", "--folder", str(self.mails)))
        notify_url = self._listen(stack)
        (folder / "zhongtai.yaml").write_text(yaml.safe_dump({
            "security": {"master_key_file": str(folder / "master.key")},
            "bus": {"default_timeout_s": 60},  # Of a busy machine; no test goes by it.
            "services": {
                "notification": {
                    "smtp_port": smtp["port"], "webhooks": {"hosts": ["a.example.org", "b.example.org"]}},
                "payment": {"webhooks": {"hosts": ["a.example.org", "b.example.org"]}, "sandbox": {
                    "base_url": bank["base_url"], "merchant_id": bank["merchant_id"], "secret": SECRET,
                    "notify_url": notify_url,
                }},
                "matter": {"callback_keys": [{"key_id": "hospital-1", "source": "hospital", "secret": HOSPITAL}]},
            },
        }))
        urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
        configuration = load_configuration(folder / "zhongtai.yaml", environ=urls)
        for service in SERVICES:
            migrate(database_url, service.name)
        self.host = ServiceHost(SERVICES, partial(for_service, configuration), Health())
        self.host.start()
        self.operator = BusClient.from_configuration(configuration, caller="operator")
        self.gateway = BusClient.from_configuration(configuration, caller="gateway")
        self._subjects: dict[str, str] = {}
        self._licences: dict[str, dict[str, Any]] = {}
        self._set_up()

    def _listen(self, stack: ExitStack) -> str:
        """Pass on a channel's callback, as the gateway does."""
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = dict(self.headers.items())
                world.gateway.payment.apply_channel_notification(channel="sandbox", headers=headers, body=body)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/callbacks/payment/sandbox"

    def _set_up(self) -> None:
        self.operator.matter.bootstrap()
        self.operator.matter.bootstrap()
        for item in seed()["fee_items"]:
            self.operator.payment.put_fee_item(**item)
        for kind in seed()["licence_types"]:
            self.operator.elicence.put_type(**kind)

    def person(self, id_number: str) -> str:
        """Registered, at level 3, with a licence that ends in 60 days."""
        if id_number in self._subjects:
            return self._subjects[id_number]
        identity, name = self.operator.identity, {**PERSONS, **MANY}[id_number]
        subject = identity.register_person(name=name, id_number=id_number, email=f"p{id_number[-4:]}@example.org")
        subject_id = str(subject["subject_id"])
        identity.add_evidence(subject_id=subject_id, kind="name-number-match")
        identity.add_evidence(
            subject_id=subject_id, kind="proof-of-presence", data={"presence_token": "sandbox-present"})
        self._subjects[id_number] = subject_id
        prior, today = seed()["example"]["prior_licence"], datetime.now(UTC).date()
        until = today + timedelta(days=60)
        since = years_later(until, -6)
        assert since is not None
        self._licences[subject_id] = self.operator.elicence.issue(
            type_code=prior["type_code"], holder_subject=subject_id, holder_name=name, holder_id_number=id_number,
            valid_from=since.isoformat(), valid_until=until.isoformat(), content=prior["content"],
        )
        return subject_id

    def begin(self, id_number: str, **form: Any) -> str:
        subject_id = self.person(id_number)
        case = self.gateway.matter.start_case(
            matter_code="driving-licence-renewal", applicant_subject=subject_id,
            form={**seed()["example"]["form"], **form})
        self.gateway.matter.submit_case(case_id=case["case_id"])
        return str(case["case_id"])

    def case(self, case_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.gateway.matter.get_case(case_id=case_id)
        return found

    def step(self, case_id: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(step for step in self.case(case_id)["steps"] if step["step"] == name)
        return found

    def wait_step(self, case_id: str, name: str, state: str) -> dict[str, Any]:
        wait(lambda: self.step(case_id, name)["state"] == state, f"{name} is {state}: {self.case(case_id)['steps']}")
        return self.step(case_id, name)

    def wait_case(self, case_id: str, state: str) -> dict[str, Any]:
        def told() -> bool:
            case = self.case(case_id)
            return case["state"] == state and all(notice["state"] == "completed" for notice in case["notices"])

        wait(told, f"case is {state}: {self.case(case_id)}")
        return self.case(case_id)

    def hospital(self, case_id: str, *, passed: bool = True, signed_ago_s: int = 0, **changes: Any) -> dict[str, Any]:
        result = {"passed": passed, "certificate_number": "TJ1", "examined_on": datetime.now(UTC).date().isoformat()}
        body = json.dumps({"callback_id": f"m-{case_id}", "case_id": case_id, "step": "medical", "result": result})
        timestamp = str(int(time.time()) - signed_ago_s)
        signed = {
            "key_id": "hospital-1", "timestamp": timestamp, "body": body,
            "signature": signature(HOSPITAL.encode(), timestamp, body.encode()), **changes,
        }
        taken: dict[str, Any] = self.gateway.matter.receive_callback(case_id=case_id, step="medical", **signed)
        return taken

    def pay(self, case_id: str) -> None:
        page = self.wait_step(case_id, "pay", "waiting")["result"]["pay_url"]
        assert httpx.post(page, data={"action": "confirm"}).status_code == 303

    # the paths

    def happy_path(self) -> dict[str, Any]:
        case_id = self.begin("330106199003070014")
        self.wait_step(case_id, "medical", "waiting")
        taken = self.hospital(case_id)
        again = self.hospital(case_id)
        self.pay(case_id)
        case = self.wait_case(case_id, "completed")
        subject_id = case["applicant_subject"]
        licences = self.operator.elicence.list_by_holder(holder_subject=subject_id)["items"]
        wait(lambda: len(list(self.mails.glob("*.eml"))) >= 4, "four mails")
        inbox = self.operator.notification.inbox(recipient_subject=subject_id)
        return {
            "taken": [taken["state"], again["state"]],
            "steps": [[step["step"], step["state"]] for step in case["steps"]],
            "licences": sorted([licence["version"], licence["state_label"]] for licence in licences),
            "prior": case["steps"][0]["result"]["licence"]["identifier"] == licences[-1]["identifier"],
            "years": int(case["outcome"]["valid_until"][:4]) - int(self._licences[subject_id]["valid_until"][:4]),
            "paid": self.operator.payment.get_order(order_id=case["outcome"]["order_id"])["state"],
            "inbox": sorted(item["subject"] for item in inbox["items"]),
            "timeline": [line["entry"] for line in case["timeline"]],
            "stuck": case["stuck"],
        }

    def issue_refused(self) -> list[Any]:
        """Suspend the old licence after the payment: the money goes back."""
        case_id = self.begin("11010519491231002X", delivery="electronic")
        self.wait_step(case_id, "medical", "waiting")
        self.pay(case_id)
        self.wait_step(case_id, "pay", "completed")
        licence = self._licences[self.person("11010519491231002X")]
        self.operator.elicence.suspend(licence_id=licence["licence_id"], reason="扣证")
        self.hospital(case_id)
        case = self.wait_case(case_id, "refused")
        order_id = self.step(case_id, "pay")["result"]["order_id"]
        self.operator.elicence.resume(licence_id=licence["licence_id"], reason="发还")
        return [
            case["outcome"]["code"], [[task["step"], task["state"]] for task in case["compensations"]],
            self.operator.payment.get_order(order_id=order_id)["state"],
            self.step(case_id, "medical")["result"]["yearly"],
        ]

    def unpaid_violations(self) -> list[Any]:
        case = self.wait_case(self.begin("320106196501010019"), "refused")
        return [case["outcome"]["code"], [step["state"] for step in case["steps"]]]

    def withdrawn(self) -> list[Any]:
        case_id = self.begin("11010519491231002X")
        order_id = self.wait_step(case_id, "pay", "waiting")["result"]["order_id"]
        self.gateway.matter.withdraw_case(case_id=case_id)
        case = self.wait_case(case_id, "withdrawn")
        return [case["state_label"], self.operator.payment.get_order(order_id=order_id)["state"]]

    def examination_failed(self) -> list[Any]:
        case_id = self.begin("11010519491231002X")
        self.wait_step(case_id, "medical", "waiting")
        order_id = self.wait_step(case_id, "pay", "waiting")["result"]["order_id"]
        self.hospital(case_id, passed=False)
        case = self.wait_case(case_id, "refused")
        return [case["outcome"]["code"], self.operator.payment.get_order(order_id=order_id)["state"]]

    def bad_callbacks(self) -> list[str]:
        case_id = self.begin("11010519491231002X")
        self.wait_step(case_id, "medical", "waiting")
        codes = [code_of(lambda change=change: self.hospital(case_id, **change)) for change in (  # type: ignore[misc]
            {"signature": "0" * 64}, {"key_id": "nobody"}, {"signed_ago_s": 400}, {"timestamp": "1"}, {"body": "{}"},
        )]
        return [*codes, self.step(case_id, "medical")["state"]]

    def many_at_once(self) -> list[Any]:
        """Cases whose steps come due together; each is paid once and renews one licence."""
        for number in MANY:
            self.person(number)
        cases = at_once(self.begin, list(MANY))
        for case_id in cases:
            self.wait_step(case_id, "medical", "waiting")
        at_once(self.hospital, cases)
        at_once(self.pay, cases)
        done = [self.wait_case(case_id, "completed") for case_id in cases]
        held = [
            self.operator.elicence.list_by_holder(holder_subject=case["applicant_subject"])["items"] for case in done]
        return [
            len({case["outcome"]["order_id"] for case in done}),
            {len(licences) for licences in held} == {2},
            {len(case["notices"]) for case in done} == {8},
        ]

    def personal_data_in_files(self) -> list[str]:
        """List the canaries that can be read in matter's database files (SQLite only)."""
        address = seed()["example"]["form"]["address"]
        canaries = [*PERSONS, *PERSONS.values(), address, "iVBORw0KGgo", "p0014@example.org", "TJ1"]
        files = b"".join(path.read_bytes() for path in self.mails.parent.glob("zhongtai-matter.db*"))
        return [canary for canary in canaries if canary.encode() in files]


def at_once(do: Callable[[str], Any], items: list[str]) -> list[Any]:
    """Do it for all of them side by side; gives the results in their order."""
    results = {item: result for group in side_by_side(do, items) for item, result in group}
    return [results[item] for item in items]


def wait(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"not within {PATIENCE_S:g} s: {what}"
        time.sleep(0.05)


def code_of(call: Callable[[], Any]) -> str:
    try:
        call()
    except AppError as error:
        return error.code
    return "accepted"


@contextmanager
def helper(module: str, *arguments: str, **environment: str) -> Iterator[dict[str, Any]]:
    """A helper server in a process; the line of JSON in which it says where it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, env={**os.environ, **environment})
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
