"""Names of apps (应用): client programs of a department."""
from __future__ import annotations

APP_PREFIX = "app-"
# An app has one name, over HTTP and as a user of the broker.
APP_NAME = r"app-[a-z0-9][a-z0-9-]{0,35}"
# Before apps over HTTP had names of their own, all that they made was made by this caller.
BEFORE_APPS = "gateway"
# `nameko`: what stock clients were called before the AMQP proxy stated their users.
_NAMELESS_APPS = (BEFORE_APPS, "nameko")


def is_app(caller: str) -> bool:
    """Whether the caller is an application, and no service or operator."""
    return caller.startswith(APP_PREFIX) or caller in _NAMELESS_APPS
