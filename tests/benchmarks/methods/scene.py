"""Sandbox data that the measured calls are about, made by the services' own methods."""
from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventlet import GreenPool

from services.identity.sandbox.population import PERSONS
from shared_components.bus.client.blocking import BusClient
from shared_components.kernel.errors import Unavailable
from shared_components.kernel.numbers import complete_credit_code, complete_resident_id
from shared_components.runtime.discovery import contract_of
from shared_components.security.request_signing import sign

IN_FLIGHT, PATIENCE_S = 64, 60.0
OFFSET = 1_000_000
"""Numbers of persons from here on are not those of the scene."""
# As many things of a kind that calls only read.
READ = 256
START_CASE = contract_of("matter").examples.of_method("start_case")["request"]
Data = dict[str, Any]


@dataclass
class Scene:
    """clients: of each caller. sandbox: the settings with which the platform uses its sandbox."""

    clients: Mapping[str, BusClient]
    sandbox: Mapping[str, Any]
    run: str = field(default_factory=lambda: f"{time.time_ns():x}")
    _read: dict[str, list[Data]] = field(default_factory=dict)
    _made: dict[str, int] = field(default_factory=dict)

    def ask(self, target: str, /, caller: str = "operator", **request: Any) -> Any:
        service, method = target.split(".")
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self.clients[caller].call(service, method, request)
            except Unavailable:
                # So many at once may be more than the service takes.
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def thing(self, kind: str, n: int) -> Data:
        """One of those things of a kind that calls only read."""
        if kind not in self._read:
            self._read[kind] = self.fresh(kind, KINDS[kind].read)
        return self._read[kind][n % len(self._read[kind])]

    def fresh(self, kind: str, count: int) -> list[Data]:
        """So many new things of a kind, made side by side."""
        first = self._made.get(kind, 0)
        self._made[kind] = first + count
        make = KINDS[kind].make
        needed = KINDS[kind].of
        if needed:
            parts = self.fresh(needed, count)
            return list(GreenPool(IN_FLIGHT).imap(lambda part: make(self, part), parts))
        return list(GreenPool(IN_FLIGHT).imap(lambda n: make(self, n), range(first, first + count)))

    def wait(self, look: Callable[[], Any]) -> Any:
        until = time.monotonic() + PATIENCE_S
        while not (found := look()):
            if time.monotonic() > until:
                raise TimeoutError(f"not there after {PATIENCE_S:.0f} s: what the benchmark waits for")
            time.sleep(0.1)
        return found


@dataclass(frozen=True)
class Kind:
    """make: from its number, or from a new thing of the kind `of`. id: the field that names it. read: how many."""

    make: Callable[[Scene, Any], Data]
    id: str
    of: str = ""
    read: int = READ


def id_number(n: int) -> str:
    """A synthetic resident identity number: another one for each n."""
    born = date(1950, 1, 1) + timedelta(days=n // 900)
    # A division in which the sandbox's population has nobody.
    return complete_resident_id(f"330111{born:%Y%m%d}{n % 900 + 1:03d}")


def credit_code(n: int) -> str:
    """A synthetic unified social credit code: another one for each n."""
    return complete_credit_code(f"91330106MA{n:07d}")


def _subject(scene: Scene, n: int) -> Data:
    reply = scene.ask("identity.register_person", name=f"林静{_letters(n)}", id_number=id_number(n))
    return {**reply, "id_number": id_number(n)}


def department_request(n: int) -> Data:
    return {"name": f"示范局{_letters(n)}", "code": f"B{n:06d}", "credit_code": credit_code(2 * OFFSET + n)}


def _department(scene: Scene, n: int) -> Data:
    return dict(scene.ask("identity.add_department", **department_request(n)))


def app_request(scene: Scene, n: int) -> Data:
    department = scene.thing("department", n)["department_id"]
    return {"app": f"app-bench-{n}", "title": "办税服务", "department_id": department, "scopes": ["payment.*"],
            "redirect_uris": ["https://tax.example/login"]}


def _app(scene: Scene, n: int) -> Data:
    return dict(scene.ask("identity.register_app", **app_request(scene, n)))


def _known(scene: Scene, n: int) -> Data:
    number, name = list(PERSONS.items())[n]
    return dict(scene.ask("identity.register_person", name=name, id_number=number))


def _frozen(scene: Scene, subject: Data) -> Data:
    return dict(scene.ask("identity.freeze_subject", subject_id=subject["subject_id"], reason="under-investigation"))


def _letters(n: int) -> str:
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(n))


def licence_request(n: int, **more: Any) -> Data:
    today = datetime.now(UTC).date()
    return {
        "type_code": "11330000000000107P001", "holder_subject": f"sub_bench{n:08d}", "holder_name": "林静",
        "holder_id_number": id_number(n), "valid_from": f"{today.year - 1}-01-28",
        "valid_until": f"{today.year + 5}-01-28", "content": {"vehicle_class": "C1", "first_issued_on": "2019-01-01"},
        "scope": "", **more,
    }  # fmt: skip


def _licence(scene: Scene, n: int) -> Data:
    return dict(scene.ask("elicence.issue", **licence_request(n, scope="scene")))


def _presentation(scene: Scene, licence: Data) -> Data:
    return dict(scene.ask(
        "elicence.present", licence_id=licence["licence_id"], holder_subject=licence["holder_subject"],
        purpose="路面执勤核验", fields=["vehicle_class"]))


def _suspended(scene: Scene, licence: Data) -> Data:
    return dict(scene.ask("elicence.suspend", licence_id=licence["licence_id"], reason="暂扣"))


def message_request(scene: Scene, n: int) -> Data:
    return {"template_code": "bench", "channel": "inbox", "recipient_subject": f"sub_bench{n % READ:08d}",
            "values": {"name": "林静"}, "reference": f"bench-{scene.run}-{n % READ}"}


def _message(scene: Scene, n: int) -> Data:
    request = message_request(scene, n)
    return {**scene.ask("notification.send", **request), "recipient_subject": request["recipient_subject"]}


def order_request(scene: Scene, n: int) -> Data:
    return {"payer_name": "林静", "payer_subject": f"sub_bench{n % READ:08d}", "reference": f"bench-{scene.run}-{n}",
            "lines": [{"item_code": "driving-licence-card", "quantity": 1}]}


def _order(scene: Scene, n: int) -> Data:
    return dict(scene.ask("payment.create_order", **order_request(scene, n)))


def notification_of(scene: Scene, order: Data) -> Data:
    """The signed message of the sandbox channel about an order that was paid."""
    channel = scene.sandbox["services"]["payment"]["sandbox"]
    body = json.dumps({
        "event_id": f"evt-{order['order_id']}", "kind": "payment-succeeded", "merchant_id": channel["merchant_id"],
        "out_trade_no": order["order_id"], "trade_no": f"trade-{order['order_id']}",
        "amount_minor": order["amount_minor"], "currency": "CNY", "attach": scene.sandbox["bus"]["default_tenant"],
    }).encode()  # fmt: skip
    headers = sign(body, key_id=channel["merchant_id"], key=channel["secret"].encode(), at=datetime.now(UTC))
    return {"channel": "sandbox", "headers": headers, "body": body.decode()}


def _paid_order(scene: Scene, order: Data) -> Data:
    scene.ask("payment.apply_channel_notification", caller="gateway", **notification_of(scene, order))
    return order


def _receipt(scene: Scene, order: Data) -> Data:
    return dict(scene.wait(lambda: scene.ask(
        "payment.list_receipts", order_id=order["order_id"], state="issued")["items"])[0])


def _refund(scene: Scene, order: Data) -> Data:
    return dict(scene.ask("payment.refund_order", order_id=order["order_id"], amount_minor=400,
                          refund_available_minor=order["amount_minor"], reason="多缴退还"))


def case_request(scene: Scene, n: int) -> Data:
    return {**START_CASE, "applicant_subject": scene.thing("subject", n)["subject_id"]}


def _draft(scene: Scene, subject: Data) -> Data:
    # An applicant has one open case of a matter, so that each case has an applicant of its own.
    applicant = {"applicant_subject": subject["subject_id"]}
    return {**scene.ask("matter.start_case", **{**START_CASE, **applicant}), **applicant}


KINDS: Mapping[str, Kind] = {
    "subject": Kind(_subject, "subject_id"),
    "person-of-the-population": Kind(_known, "subject_id"),
    "department": Kind(_department, "department_id", read=16),
    "app": Kind(_app, "app", read=64),
    "frozen-subject": Kind(_frozen, "subject_id", of="subject"),
    "licence": Kind(_licence, "licence_id"),
    "presentation": Kind(_presentation, "code", of="licence"),
    "suspended-licence": Kind(_suspended, "licence_id", of="licence"),
    "message": Kind(_message, "message_id"),
    "order": Kind(_order, "order_id"),
    "paid-order": Kind(_paid_order, "order_id", of="order"),
    "notification": Kind(notification_of, "", of="order"),
    "receipt": Kind(_receipt, "receipt_id", of="paid-order", read=32),
    "refund": Kind(_refund, "refund_id", of="paid-order", read=64),
    "draft": Kind(_draft, "case_id", of="subject", read=64),
}


def prepare(scene: Scene) -> None:
    """Put what the seed has not: a template for messages in the inbox."""
    scene.ask("notification.put_template", template_code="bench", channel="inbox", body="((name))，您好。")
