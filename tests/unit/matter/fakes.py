"""The other components in memory: they keep operation ids as the real ones do, and fail when told to."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.matter.kinds.components import Components
from shared_components.bus.errors import OperationReused
from shared_components.kernel.errors import AppError, Conflict, NotFound, Unavailable

Before = Callable[[str, str | None], None]
After = Callable[[str, str | None], None]


class World:
    """Records the effects that were really made.

    before, after: called around every call with (method, op_id); they may raise.
    refuse: method → error that the component answers, without any effect.
    effects: op_id → how often its effect was made.
    """

    def __init__(self) -> None:
        self.before: Before = lambda method, op_id: None
        self.after: After = lambda method, op_id: None
        self.refuse: dict[str, AppError] = {}
        self.effects: dict[str, int] = {}
        self.replies: dict[str, tuple[Any, Any]] = {}
        self.log: list[str] = []
        self.subjects: dict[str, dict[str, Any]] = {}
        self.licences: dict[str, dict[str, Any]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.templates: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        self.known_templates: dict[tuple[str, str], set[str]] = {}
        self.fee_items: set[str] = set()
        self.licence_types: set[str] = set()
        self.violations: dict[str, int] = {}
        self.registers: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "traffic-violations": lambda question: {"unpaid": self.violations.get(str(question["id_number"]), 0)}}
        self.unreachable_addresses: set[str] = set()
        self.parcels: dict[str, str] = {}
        self.price_minor = 1000

    def read(self, method: str, make: Callable[[], Any]) -> Any:
        self.before(method, None)
        if method in self.refuse:
            raise self.refuse[method]
        reply = make()
        self.after(method, None)
        return reply

    def write(self, method: str, op_id: str, request: Any, make: Callable[[], Any]) -> Any:
        """The same operation id and body gets the same reply; another body is our bug."""
        self.before(method, op_id)
        if op_id in self.replies:
            known, reply = self.replies[op_id]
            if known != request:
                raise OperationReused(f"operation {op_id} was used with another request")
        else:
            if method in self.refuse:
                raise self.refuse[method]
            reply = make()
            self.replies[op_id] = (request, reply)
            self.effects[op_id] = self.effects.get(op_id, 0) + 1
            self.log.append(method)
        self.after(method, op_id)
        return reply

    def components(self, tenant: str) -> Components:
        return Components(
            FakeIdentity(self), FakeLicences(self), FakePayments(self), FakeNotifications(self),
            FakeRegisters(self), FakeCouriers(self),
        )


class FakeIdentity:
    def __init__(self, world: World) -> None:
        self._world = world

    def subject_for_case(self, subject_id: str, purpose: str) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            if subject_id not in self._world.subjects:
                raise NotFound("there is no such subject")
            return dict(self._world.subjects[subject_id])

        return dict(self._world.read("identity.get_subject_for_case", make))


class FakeLicences:
    def __init__(self, world: World) -> None:
        self._world = world

    def of_holder(self, holder_subject: str, type_code: str) -> Sequence[Mapping[str, Any]]:
        def make() -> Sequence[Mapping[str, Any]]:
            held = self._world.licences.values()
            return [dict(x) for x in held if (x["holder_subject"], x["type_code"]) == (holder_subject, type_code)]

        return list(self._world.read("elicence.list_by_holder", make))

    def issue(self, op_id: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            prior = self._prior(request["prior_identifier"])
            number = len(self._world.licences) + 1
            licence = {
                "licence_id": f"lic_{number}", "identifier": f"{prior['identifier']}v{number}", "state": "issued",
                "type_code": request["type_code"], "type_name": "驾驶证", "version": prior["version"] + 1,
                "holder_subject": request["holder_subject"], "valid_from": request["valid_from"],
                "valid_until": request["valid_until"], "content": request["content"],
            }
            self._world.licences[licence["licence_id"]] = licence
            return dict(licence)

        return dict(self._world.write("elicence.issue", op_id, dict(request), make))

    def _prior(self, identifier: str | None) -> dict[str, Any]:
        """The licence that the new one replaces; of a first licence version 0 of a new number."""
        if identifier is None:
            return {"identifier": "1.2.156.3005.2.first", "version": 0}
        prior = next(x for x in self._world.licences.values() if x["identifier"] == identifier)
        if prior["state"] not in ("issued", "expired"):
            raise Conflict("the prior licence is not active")
        prior["state"] = "superseded"
        return prior

    def cancel(self, op_id: str, licence_id: str, reason: str) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            self._world.licences[licence_id]["state"] = "cancelled"
            return dict(self._world.licences[licence_id])

        return dict(self._world.write("elicence.cancel", op_id, (licence_id, reason), make))

    def has_type(self, type_code: str) -> bool:
        return type_code in self._world.read("elicence.list_types", lambda: self._world.licence_types)


class FakePayments:
    def __init__(self, world: World) -> None:
        self._world = world

    def create_order(self, op_id: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            number = len(self._world.orders) + 1
            order = {
                "order_id": f"pay_{number}", "state": "created", "amount_minor": self._world.price_minor,
                "currency": "CNY", "pay_code": f"3301062530{number:010d}", "reference": request["reference"],
                "return_url": request.get("return_url"),
                "refunded_minor": 0,
            }
            self._world.orders[order["order_id"]] = order
            return dict(order)

        return dict(self._world.write("payment.create_order", op_id, dict(request), make))

    def start(
        self, op_id: str, order_id: str, channel: str, return_url: str | None = None
    ) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            order = self._order(order_id)
            if order["state"] not in ("created", "pending"):
                raise Conflict(f"order is {order['state']!r}")
            order |= {"state": "pending", "channel": channel, "return_url": return_url or order["return_url"]}
            return {"order_id": order_id, "channel": channel, "pay_url": f"http://pay.example/{order_id}",
                    "state": "pending"}

        return dict(self._world.write("payment.start_payment", op_id, (order_id, channel), make))

    def get_order(self, order_id: str) -> Mapping[str, Any]:
        return dict(self._world.read("payment.get_order", lambda: dict(self._order(order_id))))

    def close_order(self, op_id: str, order_id: str) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            order = self._order(order_id)
            if order["state"] not in ("created", "pending"):
                raise Conflict(f"order is {order['state']!r}")
            order["state"] = "closed"
            return dict(order)

        return dict(self._world.write("payment.close_order", op_id, order_id, make))

    def refund(self, op_id: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            order = self._order(request["order_id"])
            available = order["amount_minor"] - order["refunded_minor"]
            if order["state"] != "paid" or request["refund_available_minor"] != available:
                raise Conflict("the order cannot be refunded so")
            order["refunded_minor"] += request["amount_minor"]
            order["state"] = "refunded"
            refund = {"refund_id": f"ref_{len(self._world.refunds) + 1}", "state": "submitted"}
            self._world.refunds[refund["refund_id"]] = refund
            return dict(refund)

        return dict(self._world.write("payment.refund_order", op_id, dict(request), make))

    def get_refund(self, refund_id: str) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            self._world.refunds[refund_id]["state"] = "succeeded"
            return dict(self._world.refunds[refund_id])

        return dict(self._world.read("payment.get_refund", make))

    def has_fee_item(self, item_code: str) -> bool:
        return item_code in self._world.read("payment.list_fee_items", lambda: self._world.fee_items)

    def channels(self) -> Sequence[str]:
        return list(self._world.read("payment.list_channels", lambda: ["sandbox"]))

    def pay(self, order_id: str) -> dict[str, Any] | None:
        """The citizen pays; gives the event's data, or None when the order takes no money."""
        order = self._order(order_id)
        if order["state"] not in ("created", "pending"):
            return None
        order["state"], order["paid_at"] = "paid", "2025-06-02T01:00:00+00:00"
        return {key: order[key] for key in ("order_id", "reference", "amount_minor", "currency", "pay_code", "paid_at")}

    def _order(self, order_id: str) -> dict[str, Any]:
        if order_id not in self._world.orders:
            raise NotFound("there is no such order")
        return self._world.orders[order_id]


class FakeNotifications:
    def __init__(self, world: World) -> None:
        self._world = world

    def send(self, op_id: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            self._world.messages.append(dict(request))
            return {"message_id": f"msg_{len(self._world.messages)}", "state": "queued"}

        return dict(self._world.write("notification.send", op_id, dict(request), make))

    def put_template(self, op_id: str, template: Mapping[str, Any]) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            key = (template["template_code"], template["channel"], template["locale"])
            self._world.templates[key] = template
            return dict(template)

        return dict(self._world.write("notification.put_template", op_id, dict(template), make))

    def unfilled(self, template_code: str, channel: str, values: Mapping[str, str]) -> Sequence[str] | None:
        def make() -> Sequence[str] | None:
            needed = self._world.known_templates.get((template_code, channel))
            return None if needed is None else sorted(set(needed) - set(values))

        found: Sequence[str] | None = self._world.read("notification.preview", make)
        return found


class FakeRegisters:
    def __init__(self, world: World) -> None:
        self._world = world

    def names(self) -> Sequence[str]:
        return list(self._world.registers)

    def ask(self, source: str, question: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._world.read(
            f"registers.{source}", lambda: self._world.registers[source](question))
        return answer


class FakeCouriers:
    def __init__(self, world: World) -> None:
        self._world = world

    def dispatch(self, op_id: str, *, recipient_name: str, address: str) -> Mapping[str, Any]:
        def make() -> Mapping[str, Any]:
            if address in self._world.unreachable_addresses:
                raise Conflict("the courier does not go there")
            self._world.parcels[op_id] = address
            return {"waybill": f"EX{len(self._world.parcels):09d}CN"}

        return dict(self._world.write("couriers.dispatch", op_id, (recipient_name, address), make))


def unavailable(*methods: str) -> Before:
    """A `before` that answers Unavailable for these methods."""
    def before(method: str, op_id: str | None) -> None:
        if method in methods:
            raise Unavailable(f"{method} cannot answer now")

    return before
