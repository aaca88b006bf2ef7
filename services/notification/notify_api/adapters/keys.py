"""Notify keys in the database. Secret and guests are encrypted, bound to their key."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.notification.notify_api.domain.keys import NotifyKey
from services.notification.notify_api.models import NotifyKeyRow
from services.notification.notify_api.usecases.keys import KeyFilter, key_unknown
from shared_components.db import hold_key, table_of
from shared_components.db.load_many import Columns, Lists, Reading, load_lists, open_found
from shared_components.kernel.apps import BEFORE_APPS
from shared_components.kernel.calls import CallContext
from shared_components.security import Secrets, Undecryptable
from shared_components.security.authority import Facts
from shared_components.security.authority.search import search, searched_tenant

log = logging.getLogger(__name__)

K = table_of(NotifyKeyRow)
PLAIN = ("key_id", "app", "service_id", "name", "kind", "created_at", "revoked_at")


def _in_order(asked: Columns) -> Select[Any]:
    query = select(K).where(K.c.tenant_id == asked["tenant"])
    if "maker" in asked:
        query = query.where(or_(K.c.app == asked["maker"], K.c.app == BEFORE_APPS))
    if "after" in asked:
        query = query.where(K.c.key_id > asked["after"])
    return query.order_by(K.c.key_id)


IN_ORDER = Lists(_in_order)


class SqlNotifyKeys:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def add(self, key: NotifyKey) -> None:
        sealed = self._secrets.fields.encrypt(
            orjson.dumps([key.secret, list(key.guests)]).decode(), aad=_aad(key.key_id))
        values = {name: getattr(key, name) for name in PLAIN}
        self._session.execute(insert(K).values(tenant_id=key.tenant, sealed=sealed, **values))

    def count_alone(self, tenant: str, app: str) -> int:
        hold_key(self._session, "notify-keys", tenant, app)
        live = select(func.count()).where(K.c.tenant_id == tenant, K.c.app == app, K.c.revoked_at.is_(None))
        return self._session.scalar(live) or 0

    def lock_for(self, context: CallContext, key_id: str) -> NotifyKey:
        query = select(K).where(K.c.tenant_id == searched_tenant(context), K.c.key_id == key_id)
        row = self._session.execute(query.with_for_update()).first()
        return open_found(context, None if row is None else SHOWN.seal(row), key_unknown(key_id))

    def revoke(self, key_id: str, at: datetime) -> None:
        self._session.execute(update(K).where(K.c.key_id == key_id).values(revoked_at=at))

    def pages(self, asked: Sequence[tuple[CallContext, KeyFilter]]) -> list[list[NotifyKey]]:
        return load_lists(self._session, IN_ORDER, [
            (context, {"maker": search(context).maker, "after": wanted.after}, wanted.limit)
            for context, wanted in asked], SHOWN)

    def of_service(self, service_id: str) -> list[NotifyKey]:
        rows = self._session.execute(select(K).where(K.c.service_id == service_id).order_by(K.c.key_id.desc()))
        return [self._whole(row) for row in rows]

    def sending(self, context: CallContext, key_id: str) -> NotifyKey:
        query = select(K).where(K.c.tenant_id == searched_tenant(context), K.c.key_id == key_id)
        row = self._session.execute(query).first()
        sealed = None if row is None else Reading(_facts, self._whole).seal(row)
        return open_found(context, sealed, key_unknown(key_id))

    def _whole(self, row: Any) -> NotifyKey:
        key = _key(row)
        try:
            secret, guests = orjson.loads(self._secrets.fields.decrypt(row.sealed, aad=_aad(key.key_id)))
        except Undecryptable as error:
            log.error("notification.notify_key.undecryptable", extra={"key_id": key.key_id, "code": error.code})
            return key
        return replace(key, secret=secret, guests=tuple(guests))


def _aad(key_id: str) -> str:
    return f"{key_id}/notify-key"


def _facts(row: Any) -> Facts:
    return Facts(row.tenant_id, made_by=row.app)


def _key(row: Any) -> NotifyKey:
    return NotifyKey(tenant=row.tenant_id, **{name: getattr(row, name) for name in PLAIN})


SHOWN = Reading(_facts, _key)
