"""Identity of callers: sender and tenant of a message, by what the broker verifies, never by what the sender states."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared_components.bus.amqp.topology import Subscription
from shared_components.bus.errors import AppNotAllowed, CallerUnknown, ContextNotAllowed, TenantUnknown
from shared_components.kernel.apps import APP_PREFIX
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import GATEWAY, OPERATOR
from shared_components.kernel.calls import Event

BESIDE_THE_APP = frozenset({"for_app", "subject", "token", "ticket"})
"""Parts of a context that name somebody beside the app that calls: its own name and tenant say nothing of them."""
# What a caller is called who did not say (development only; see docs/adr on caller authentication)
UNNAMED_CALLER = "operator"


def _no_directory(app: str) -> None:
    return None


class CallerIdentity:
    """settings: configuration section `bus` of a service. tenant_of: of an app that no setting names; None: unknown."""

    def __init__(self, settings: Mapping[str, Any], tenant_of: Callable[[str], str | None] = _no_directory) -> None:
        self._tenant_of = tenant_of
        self._verified: bool = settings["caller_authentication"] == "broker"
        self._default_tenant: str = settings["default_tenant"]
        self._app_tenants: Mapping[str, str] = settings["app_tenants"]
        # What is configured does not change: made once, since it is asked for every call.
        self._apps: dict[str, tuple[str, str, None, str]] = {
            app: (app, tenant, None, tenant) for app, tenant in self._app_tenants.items()
            if app.startswith(APP_PREFIX) and tenant
        }  # fmt: skip

    def app_alone(self, user: str | None) -> tuple[str, str, None, str] | None:
        """Give what `of` gives for a verified app whose call states none of BESIDE_THE_APP; None for other senders."""
        return self._apps.get(user) if self._verified and user else None

    def of(self, user: str | None, given: Mapping[str, Any]) -> tuple[str, str, str | None, str | None]:
        """Caller, tenant, the service that passes the call on for the caller, and the caller's department.

        user: `user_id`, which RabbitMQ accepts of that user only. given: what the call says of itself.
        Raises CallerUnknown, AppNotAllowed, TenantUnknown, ContextNotAllowed.
        """
        # Not the routing key: of a message that the broker dead-letters or copies, the key is the sender's choice.
        sender = user if self._verified else given.get("caller") or UNNAMED_CALLER
        app = self._apps.get(sender) if sender else None
        if app is not None and "for_app" not in given and "subject" not in given:
            return app
        if "subject" in given and not _is_service(sender, given):
            raise ContextNotAllowed(Bilingual(
                "context.subject is stated; a person is proved by context.token (apps) or context.ticket (services)",
                "上下文声明了 subject；须由 context.token（应用）或 context.ticket（服务）证明当事人身份"))
        if not sender:
            raise CallerUnknown(Bilingual(
                "the message has no `user_id`; the broker user that is logged in is allowed, "
                "and the AMQP proxy states it for clients that do not",
                "消息没有 `user_id`；只允许已登录的消息代理用户，未声明者由 AMQP 代理补上"))
        if sender.startswith(APP_PREFIX):
            tenant = self._tenant_of_app(sender, given)
            return sender, tenant, None, tenant
        for_app = given.get("for_app")
        caller = sender if for_app is None else for_app
        if for_app is not None and sender != GATEWAY:
            raise _not_passed_on_by(sender)
        if for_app is None:
            return caller, given.get("tenant") or self._default_tenant, None, None
        tenant = self._tenant_of_passed_on(for_app, given.get("tenant"))
        return caller, tenant, GATEWAY, tenant

    def _tenant_of_passed_on(self, app: str, stated: str | None) -> str:
        """An app's tenant is configured, else what the gateway states.

        Where both are known and differ, two apps have one name: neither becomes the other.
        """
        configured = self._app_tenants.get(app)
        if configured and stated and configured != stated:
            raise AppNotAllowed(Bilingual(
                f"app '{app}' has tenant '{stated}' at the gateway and another one in bus.app_tenants; "
                "one tenant for each name of an app is allowed",
                f"应用“{app}”在网关处的租户为“{stated}”，与 bus.app_tenants 中的不同；同一应用名称只允许一个租户"))
        return configured or stated or self._default_tenant

    def _tenant_of_app(self, app: str, given: Mapping[str, Any]) -> str:
        """An app's tenant is configured, else the directory's: what it states itself counts for nothing."""
        if given.get("for_app") is not None:
            raise _not_passed_on_by(app)
        tenant = self._app_tenants.get(app) or self._tenant_of(app)
        if tenant is None and self._verified:
            raise TenantUnknown(Bilingual(
                f"app '{app}' has no tenant; the directory or bus.app_tenants of the configuration gives it one",
                f"应用“{app}”没有所属部门；请在目录中登记，或在配置 bus.app_tenants 中指定"))
        return tenant or self._default_tenant

    def check_event(self, user: str | None, exchange: str, event: Event, subscription: Subscription) -> None:
        """An event comes from its source's user; a retry from its handler's, and from who redrives dead letters.

        Raises CallerUnknown.
        """
        if not self._verified:
            return
        by_source = exchange != ""
        allowed = (subscription.source,) if by_source else (subscription.consumer, OPERATOR)
        if user not in allowed:
            raise CallerUnknown(Bilingual(
                f"the event has a `user_id` that may not send it here; allowed: {list(allowed)}",
                f"该 `user_id` 不得在此发送事件；允许：{list(allowed)}"))
        if event.source != subscription.source:
            raise CallerUnknown(Bilingual(
                f"event.source is not '{subscription.source}', to which the handler is subscribed",
                f"event.source 不是处理程序订阅的“{subscription.source}”"))


def _is_service(sender: str | None, given: Mapping[str, Any]) -> bool:
    """A service of the version before states the subject that it acts for while processes are replaced.

    Its subject counts for nothing: the call is one without a person, as the same service makes it now.
    Source: docs/adr/059-old-and-new-processes-side-by-side.md
    """
    return bool(sender) and "for_app" not in given and sender not in (GATEWAY, OPERATOR) \
        and not str(sender).startswith(APP_PREFIX)


def _not_passed_on_by(sender: str) -> AppNotAllowed:
    return AppNotAllowed(Bilingual(
        f"context.for_app is stated by '{sender}'; only '{GATEWAY}' passes calls on for apps",
        f"context.for_app 由“{sender}”声明；只有“{GATEWAY}”可以为应用转发调用"))
