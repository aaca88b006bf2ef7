"""The other components, over the bus. Their errors come as AppErrors and go on as they are."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.matter.cases.usecases.work import Reply
from services.matter.kinds.check.ports import Registers
from services.matter.kinds.components import Components
from services.matter.kinds.deliver.ports import Couriers
from shared_components.kernel.errors import NotFound
from shared_components.kernel.paging import LARGEST_LIMIT

CALL_TIMEOUT_S = 10.0


class BusIdentity:
    def __init__(self, client: Any) -> None:
        self._identity = client.identity

    def subject_for_case(self, subject_id: str, purpose: str) -> Reply:
        return _reply(self._identity.get_subject_for_case(
            subject_id=subject_id, purpose=purpose, timeout_s=CALL_TIMEOUT_S
        ))


class BusLicences:
    def __init__(self, client: Any) -> None:
        self._elicence = client.elicence

    def of_holder(self, holder_subject: str, type_code: str) -> Sequence[Reply]:
        found: list[Reply] = []
        after = None
        while True:
            page = self._elicence.list_by_holder(
                holder_subject=holder_subject, type_code=type_code, after=after, limit=LARGEST_LIMIT,
                timeout_s=CALL_TIMEOUT_S,
            )
            found += map(_reply, page["items"])
            after = page["next"]
            if after is None:
                return found

    def issue(self, op_id: str, request: Mapping[str, Any]) -> Reply:
        return _reply(self._elicence.issue(**request, op_id=op_id, timeout_s=CALL_TIMEOUT_S))

    def cancel(self, op_id: str, licence_id: str, reason: str) -> Reply:
        return _reply(self._elicence.cancel(
            licence_id=licence_id, reason=reason, op_id=op_id, timeout_s=CALL_TIMEOUT_S
        ))

    def has_type(self, type_code: str) -> bool:
        return bool(self._elicence.list_types(type_code=type_code, timeout_s=CALL_TIMEOUT_S)["items"])


class BusPayments:
    def __init__(self, client: Any) -> None:
        self._payment = client.payment

    def create_order(self, op_id: str, request: Mapping[str, Any]) -> Reply:
        return _reply(self._payment.create_order(**request, op_id=op_id, timeout_s=CALL_TIMEOUT_S))

    def start(self, op_id: str, order_id: str, channel: str, return_url: str | None = None) -> Reply:
        return _reply(self._payment.start_payment(
            order_id=order_id, channel=channel, return_url=return_url, op_id=op_id, timeout_s=CALL_TIMEOUT_S
        ))

    def get_order(self, order_id: str) -> Reply:
        return _reply(self._payment.get_order(order_id=order_id, timeout_s=CALL_TIMEOUT_S))

    def close_order(self, op_id: str, order_id: str) -> Reply:
        return _reply(self._payment.close_order(order_id=order_id, op_id=op_id, timeout_s=CALL_TIMEOUT_S))

    def refund(self, op_id: str, request: Mapping[str, Any]) -> Reply:
        return _reply(self._payment.refund_order(**request, op_id=op_id, timeout_s=CALL_TIMEOUT_S))

    def get_refund(self, refund_id: str) -> Reply:
        return _reply(self._payment.get_refund(refund_id=refund_id, timeout_s=CALL_TIMEOUT_S))

    def has_fee_item(self, item_code: str) -> bool:
        return bool(self._payment.list_fee_items(item_code=item_code, timeout_s=CALL_TIMEOUT_S)["items"])

    def channels(self) -> Sequence[str]:
        return [item["channel"] for item in self._payment.list_channels(timeout_s=CALL_TIMEOUT_S)["items"]]


class BusNotifications:
    def __init__(self, client: Any) -> None:
        self._notification = client.notification

    def send(self, op_id: str, request: Mapping[str, Any]) -> Reply:
        return _reply(self._notification.send(**request, op_id=op_id, timeout_s=CALL_TIMEOUT_S))

    def put_template(self, op_id: str, template: Mapping[str, Any]) -> Reply:
        return _reply(self._notification.put_template(**template, op_id=op_id, timeout_s=CALL_TIMEOUT_S))

    def unfilled(self, template_code: str, channel: str, values: Mapping[str, str]) -> Sequence[str] | None:
        try:
            preview = self._notification.preview(
                template_code=template_code, channel=channel, values=dict(values), timeout_s=CALL_TIMEOUT_S)
        except NotFound as error:
            if error.code != "notification.template-unknown":
                raise
            return None
        return list(preview["missing"])


def bus_components(client: Any, *, registers: Registers, couriers: Couriers) -> Components:
    """client: a blocking bus client that carries the tenant and, where there is one, the subject."""
    return Components(
        BusIdentity(client), BusLicences(client), BusPayments(client), BusNotifications(client), registers, couriers
    )


def _reply(given: Any) -> Reply:
    return dict(given)
