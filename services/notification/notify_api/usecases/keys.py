"""Make, list and revoke Notify keys."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from services.notification.notify_api.domain.errors import NotifyGuestsNotUsed, NotifyKeysTooMany, NotifyKeyUnknown
from services.notification.notify_api.domain.keys import MOST_PER_APP, TEAM, NotifyKey, service_id_of
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

KEYS = PagedList[str]("notification.list_notify_keys", str)


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """The keys that a call lists. after: a key id, None from the first."""

    limit: int
    after: str | None = None


class NotifyKeys(Protocol):
    def add(self, key: NotifyKey) -> None: ...

    def count_alone(self, tenant: str, app: str) -> int:
        """How many live ones the app has; until this transaction ends, nobody else counts them so, and adds one."""
        ...

    def lock_for(self, context: CallContext, key_id: str) -> NotifyKey:
        """Lock a key that the call may use. Raises NotifyKeyUnknown."""
        ...

    def revoke(self, key_id: str, at: datetime) -> None: ...

    def pages(self, asked: Sequence[tuple[CallContext, KeyFilter]]) -> list[list[NotifyKey]]:
        """Give each call its keys by id, without secrets."""
        ...

    def of_service(self, service_id: str) -> Sequence[NotifyKey]:
        """All keys of an app by its service id, with secrets, revoked ones too, the newest first."""
        ...

    def sending(self, context: CallContext, key_id: str) -> NotifyKey:
        """The key of a call that sends, with its guests. Raises NotifyKeyUnknown."""
        ...


class HasNotifyKeys(Protocol):
    @property
    def notify_keys(self) -> NotifyKeys: ...


class NotifyKeysTx(HasClock, HasNotifyKeys, Protocol):
    """The part of a transaction that keys need."""


@dataclass(frozen=True, slots=True)
class CreateNotifyKey:
    """app: whose the key is, when an operator makes it."""

    name: str
    kind: str
    guests: Sequence[str] = field(default=(), repr=False)
    app: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeNotifyKey:
    key_id: str


@dataclass(frozen=True, slots=True)
class ListNotifyKeys:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class NotifyKeyView:
    key_id: str
    app: str
    service_id: str
    name: str
    kind: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewNotifyKeyView:
    """key: shown this once."""

    key_id: str
    app: str
    service_id: str
    name: str
    kind: str
    created_at: datetime
    revoked_at: datetime | None
    key: str = field(repr=False)


def create_notify_key(tx: NotifyKeysTx, command: CreateNotifyKey, context: CallContext) -> NewNotifyKeyView:
    """Make a key. Raises NotifyKeysTooMany, NotifyGuestsNotUsed, AppNotAllowed."""
    app = context.maker(command.app)
    if command.guests and command.kind != TEAM:
        raise NotifyGuestsNotUsed(Bilingual(
            f"guests is given for a {command.kind!r} key; only a 'team' key keeps to a list of recipients",
            f"密钥类别 {command.kind} 不能设置 guests；只有 team 密钥按名单发送"))
    if tx.notify_keys.count_alone(context.tenant, app) >= MOST_PER_APP:
        raise NotifyKeysTooMany(
            Bilingual(
                f"there are {MOST_PER_APP} Notify keys already, and no more are allowed; revoke one",
                f"已有 {MOST_PER_APP} 个 Notify 密钥，不能再增加；请撤销一个"), details={"limit": MOST_PER_APP})
    key = NotifyKey(
        key_id=new_id("nky"), tenant=context.tenant, app=app, service_id=service_id_of(context.tenant, app),
        name=command.name, kind=command.kind, created_at=tx.clock.now(), secret=str(uuid4()),
        guests=tuple(command.guests))
    tx.notify_keys.add(key)
    return NewNotifyKeyView(
        key_id=key.key_id, app=app, service_id=key.service_id, name=key.name, kind=key.kind,
        created_at=key.created_at, revoked_at=None, key=key.shown)


def revoke_notify_key(tx: NotifyKeysTx, command: RevokeNotifyKey, context: CallContext) -> NotifyKeyView:
    """Revoke a key at once; one that is revoked stays as it is. Raises NotifyKeyUnknown."""
    key = tx.notify_keys.lock_for(context, command.key_id)
    if key.revoked_at is None:
        key = replace(key, revoked_at=tx.clock.now())
        tx.notify_keys.revoke(key.key_id, tx.clock.now())
    return _view(key)


def list_notify_keys(
    tx: HasNotifyKeys, calls: Sequence[Call[ListNotifyKeys]],
) -> list[PageView[NotifyKeyView] | AppError]:
    """Give each call its page, or PageCursorInvalid."""
    return read_pages(
        calls, KEYS,
        lambda asked: tx.notify_keys.pages([(call.context, KeyFilter(page.fetch, page.after)) for call, page in asked]),
        view=lambda key, _: _view(key), key=lambda key: key.key_id)


def key_unknown(key_id: str) -> NotifyKeyUnknown:
    """The same error for a key that does not exist and for one that the caller may not see."""
    return NotifyKeyUnknown(Bilingual(
        f"Notify key {key_id!r} does not exist; list_notify_keys gives those that do",
        f"Notify 密钥“{key_id}”不存在；现有密钥见 list_notify_keys"))


def _view(key: NotifyKey) -> NotifyKeyView:
    return NotifyKeyView(
        key_id=key.key_id, app=key.app, service_id=key.service_id, name=key.name, kind=key.kind,
        created_at=key.created_at, revoked_at=key.revoked_at)
