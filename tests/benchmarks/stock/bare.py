"""The least that an order can be: one row by the ORM, looked up before, and one event. Not what payment does."""
from __future__ import annotations

import uuid
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import BigInteger, Engine, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class BareBase(DeclarativeBase):
    pass


class BareOrder(BareBase):
    __tablename__ = "bare_orders"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    idem: Mapped[str] = mapped_column(String(64), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    payer: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))


class CreateBareOrder(Schema):
    idem = fields.Str(required=True, validate=validate.Length(max=64))
    amount = fields.Int(required=True, strict=True, validate=validate.Range(min=1))
    currency = fields.Str(required=True, validate=validate.OneOf(["CNY", "EUR"]))
    payer = fields.Str(required=True)


REQUEST = CreateBareOrder()


def create_bare_order(engine: Engine, request: dict[str, Any]) -> dict[str, Any] | None:
    command = REQUEST.load(request)
    with Session(engine) as session:
        if session.scalar(select(BareOrder).where(BareOrder.idem == command["idem"])):
            return None
        order = BareOrder(id=str(uuid.uuid4()), state="created", **command)
        session.add(order)
        session.commit()
        return dict(command, id=order.id)


def make_tables(engine: Engine) -> None:
    BareBase.metadata.create_all(engine)
