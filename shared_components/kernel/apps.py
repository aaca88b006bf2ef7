"""Names of apps (应用): client programs of a department."""
from __future__ import annotations

from collections.abc import Iterable

APP_PREFIX = "app-"
# An app has one name, over HTTP and as a user of the broker.
APP_NAME = r"app-[a-z0-9][a-z0-9-]{0,35}"
SANDBOX_SUFFIX = "-sandbox"
"""The end of the names under which apps call with keys of the sandbox."""
# Before apps over HTTP had names of their own, all that they made was made by this caller.
BEFORE_APPS = "gateway"
# `nameko`: what stock clients were called before the AMQP proxy stated their users.
_NAMELESS_APPS = (BEFORE_APPS, "nameko")


def may_call(scopes: Iterable[str], service: str, method: str) -> bool:
    """Whether an app's scopes cover a method: `*`, `payment.*` or `payment.get_order`."""
    return any(scope in ("*", f"{service}.*", f"{service}.{method}") for scope in scopes)


def is_app(caller: str) -> bool:
    """Whether the caller is an application, and no service or operator."""
    return caller.startswith(APP_PREFIX) or caller in _NAMELESS_APPS
