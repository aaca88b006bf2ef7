"""An order the way a nameko service makes one with the SQLAlchemy ORM: payment's tables, schemas, prices and cipher.

It has less to do than ours: no caller is authenticated, no tenant is separated by the database, and its event is lost
when the process ends between commit and dispatch, because there is no outbox.
"""
from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine, LargeBinary, Sequence, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.schema import CreateSequence

from services.payment.common.domain.business_day import business_day
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.models import FeeItemRow
from services.payment.orders.adapters.sql.rows import line_values, order_values
from services.payment.orders.domain import states
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.pricing import price_lines
from services.payment.orders.models import OrderLineRow, OrderRow
from services.payment.orders.schemas import orders
from services.payment.orders.schemas.events import OrderCreated
from services.payment.orders.usecases import views
from services.payment.orders.usecases.create_orders import CreateOrder
from shared_components.db import Base
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import pay_code
from shared_components.security.fields import FieldCipher
from shared_components.security.keys import KeyRing
from tests.benchmarks.load.requests import FEE_ITEM, PRICE_MINOR

TENANT = "stock"
SERIALS = Sequence("pay_code_serials")
REQUEST, REPLY, EVENT = orders.CreateOrder(), orders.Order(), OrderCreated()
CIPHER = FieldCipher(KeyRing({1: secrets.token_bytes(32)}))


class Operation(Base):
    __tablename__ = "operations"
    op_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    reply: Mapped[bytes] = mapped_column(LargeBinary)


def create_order(engine: Engine, op_id: str, request: Mapping[str, Any]) -> tuple[Any, Any]:
    """The reply, and the event's data; None for the latter when the operation was done before."""
    data = REQUEST.load(request)
    with Session(engine) as session:
        known = session.get(Operation, op_id)
        if known is not None:
            return orjson.loads(CIPHER.decrypt(known.reply, aad=op_id)), None
        order = _order(session, data)
        reply, event = REPLY.dump(views.order(order)), EVENT.dump(views.order_event(order))
        values = order_values(order, CIPHER)
        values["metadata_"] = values.pop("metadata")
        session.add(OrderRow(**values))
        session.add_all(OrderLineRow(**line) for line in line_values(order))
        session.add(Operation(op_id=op_id, reply=CIPHER.encrypt(orjson.dumps(reply).decode(), aad=op_id)))
        session.commit()
    return reply, event


def _order(session: Session, data: CreateOrder) -> Order:
    at = datetime.now(UTC)
    item, lines = price_lines(data.lines, _items(session, data, at), tenant=TENANT, today=business_day(at))
    serial = session.scalar(select(SERIALS.next_value()))
    assert serial is not None
    return Order(
        order_id=new_id("pay"), tenant=TENANT, app="stock", state=states.ORDER.initial,
        amount_minor=sum(line.amount_minor for line in lines), currency=item.currency,
        pay_code=pay_code(item.division, at.year, serial), collecting_unit=item.collecting_unit,
        division=item.division, payer_subject=data.payer_subject, payer_name=data.payer_name,
        reference=data.reference, return_url=data.return_url, created_at=at,
        expires_at=at + timedelta(seconds=data.expires_in_s), metadata=data.metadata, lines=lines,
    )  # fmt: skip


def _items(session: Session, data: CreateOrder, at: datetime) -> dict[tuple[str, str], FeeItem]:
    codes = {line.item_code for line in data.lines}
    rows = session.scalars(select(FeeItemRow).where(
        FeeItemRow.tenant_id == TENANT, FeeItemRow.item_code.in_(codes), FeeItemRow.valid_from <= at))
    return {(TENANT, row.item_code): FeeItem(
        tenant=TENANT, item_code=row.item_code, version=row.version, name=row.name,
        collecting_unit=row.collecting_unit, unit=row.unit, price_minor=row.price_minor, currency=row.currency,
        division=row.division, valid_from=row.valid_from, valid_until=row.valid_until,
        late_fee_ppm=row.late_fee_ppm, min_quantity=row.min_quantity, max_quantity=row.max_quantity,
        min_amount_minor=row.min_amount_minor, max_amount_minor=row.max_amount_minor) for row in rows}


def make_tables(engine: Engine) -> None:
    for metadata in (OrderRow.metadata, Operation.metadata):
        metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(CreateSequence(SERIALS))
        session.add(FeeItemRow(
            tenant_id=TENANT, item_code=FEE_ITEM, version=1, name="驾驶证工本费", collecting_unit="1133010600000030X3",
            unit="证", price_minor=PRICE_MINOR, currency="CNY", division="330106", valid_from=datetime.now(UTC),
            late_fee_ppm=0, min_quantity=1))
