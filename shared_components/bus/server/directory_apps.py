"""Apps that call over AMQP, as the directory knows them: tenant, scopes, and whether they may still call.

Their broker users outlive their keys until `zhongtai directory sync`. The gateway decides for apps over HTTP.
Source: docs/adr/081-the-directory-decides-over-amqp-too.md, docs/adr/093-the-directory-knows-the-brokers-key.md
"""
from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from shared_components.bus.errors import AppNotAllowed, MethodNotGranted
from shared_components.kernel.apps import APP_PREFIX, may_call
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.security.authority.copies import Copies, process_copies
from shared_components.security.authority.errors import AppClosed, AppKeyRevoked

log = logging.getLogger(__name__)
LEARN_EVERY_S = 0.5


def calls_directly(context: CallContext) -> bool:
    """Whether an app calls by itself, over AMQP."""
    return context.via is None and context.caller.startswith(APP_PREFIX)


def admit_app(context: CallContext, service: str, method: str, copies: Copies) -> None:
    """Refuse the call of an app that the directory does not let call so. One that it does not know is the setting's.

    Raises AppNotAllowed, AppClosed, AppKeyRevoked, MethodNotGranted.
    """
    app = copies.app(context.caller)
    if app is None:
        return
    if app.tenant != context.department:
        log.warning("bus.app.tenants_differ", extra={
            "app": context.caller, "tenant": app.tenant, "configured": context.department})
        raise AppNotAllowed(Bilingual(
            f"app '{context.caller}' has another tenant in bus.app_tenants than in the directory; one tenant for each "
            "name of an app is allowed",
            f"应用“{context.caller}”在 bus.app_tenants 中的租户与目录不同；同一应用名称只允许一个租户"))
    if not app.active:
        raise AppClosed
    if app.broker_key_revoked:
        raise AppKeyRevoked
    if not may_call(app.scopes, service, method):
        raise MethodNotGranted(Bilingual(
            f"app '{context.caller}' has no grant for '{service}.{method}'",
            f"应用“{context.caller}”未获授权调用“{service}.{method}”"))


class KnownTenants:
    """Tenants of the directory's apps. refresh: reads the copy's table; None: the service keeps no copy."""

    def __init__(self, refresh: Callable[[], None] | None, seconds: Callable[[], float] = monotonic) -> None:
        self._refresh, self._seconds = refresh, seconds
        self._learned_at = float("-inf")

    def of(self, app: str) -> str | None:
        """The tenant, which never changes. An unknown app is looked for in the table, twice a second at most."""
        known = process_copies().app(app)
        if known is None and self._refresh is not None and self._seconds() - self._learned_at >= LEARN_EVERY_S:
            self._learned_at = self._seconds()
            with suppress(AppError):  # stale: what is known of tenants holds
                self._refresh()
            known = process_copies().app(app)
        return None if known is None else known.tenant
