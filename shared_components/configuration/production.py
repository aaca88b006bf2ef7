"""Settings for development only, which `environment: production` refuses at start."""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from shared_components.configuration.file import named_file
from shared_components.configuration.loading import ConfigurationError, for_service
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import GATEWAY


def refuse_unsafe(configuration: Mapping[str, Any], names: Sequence[str]) -> None:
    """names: of the services that are started. Raises ConfigurationError with key, value, and what is allowed."""
    if configuration["environment"] != "production":
        return
    if urlsplit(configuration["broker"]["url"]).scheme == "inproc":
        raise _refused("broker.url", "inproc://", "a RabbitMQ with users, amqp:// or amqps://, is")
    if urlsplit(configuration["database"]["url"]).scheme == "sqlite" and set(names) - {GATEWAY}:
        raise _refused("database.url", "a URL of SQLite", "PostgreSQL is, whose row-level security keeps tenants apart")
    for name in names:
        own = for_service(configuration, name)
        if name != GATEWAY and own["bus"]["caller_authentication"] != "broker":
            stated = configuration["services"].get(name, {}).get("bus", {})
            key = f"services.{name}.bus" if "caller_authentication" in stated else "bus"
            raise _refused(f"{key}.caller_authentication", own["bus"]["caller_authentication"],
                           "'broker' is, since anybody can say who calls in a message's header")
        _check_user(own["broker"]["url"], name)


def _check_user(url: str, service: str) -> None:
    parts = urlsplit(url)
    user = unquote(parts.username or "guest")
    if user != service:
        raise _refused("broker.url", f"a URL of user '{user}'", f"the service's own user '{service}' is, since the "
                       "broker's user is who calls")  # fmt: skip
    if unquote(parts.password or "") in ("", "guest", user):
        raise _refused("broker.url", f"a URL of user '{user}' with a default password", "a random one is")


def _refused(key: str, value: str, allowed: str) -> ConfigurationError:
    context = click.get_current_context(silent=True)
    file = named_file(context.find_root().obj if context is not None else None, os.environ)
    where, where_zh = (f"configuration file '{file}': ", f"配置文件“{file}”：") if file else ("", "")
    return ConfigurationError(Bilingual(
        f"{where}configuration key '{key}' is {value if value.startswith('a ') else repr(value)}, which environment "
        f"'production' does not allow; {allowed}",
        f"{where_zh}配置项 {key} 的值（{value}）不允许用于生产环境；{allowed}"), details={"key": key})
