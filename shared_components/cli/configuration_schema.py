"""Every key of the configuration file, with its default and its limits."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from shared_components.cli.configuration_fields import (
    ALLOWED,
    Section,
    choice,
    number,
    section,
    text,
    url,
    waits,
    whole,
)

BROKER_SCHEMES = ("inproc", "amqp", "amqps", "pyamqp")
DATABASE_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg2")
DEFAULT_BROKER_URL = "inproc://"
DEFAULT_DATABASE_URL = "sqlite:///var/zhongtai.db"
SERVICE_NAME = r"^[a-z][a-z0-9_]{0,39}$"


class BrokerSection(Section):
    url = url(DEFAULT_BROKER_URL, BROKER_SCHEMES)
    heartbeat_s = whole(10, 0, 600)
    prefetch = whole(50, 1, 10_000)


class DatabaseSection(Section):
    """Limits per service process; the timeouts bind on PostgreSQL (`lock_timeout_s` on SQLite too)."""

    url = url(DEFAULT_DATABASE_URL, DATABASE_SCHEMES)
    pool_size = whole(10, 1, 500)
    pool_timeout_s = number(5, 0.1, 120)
    connect_timeout_s = whole(5, 1, 120)
    statement_timeout_s = number(10, 0.1, 600)
    lock_timeout_s = number(5, 0.1, 600)
    idle_timeout_s = number(30, 1, 3600)
    tcp_user_timeout_s = number(15, 1, 600)


class HttpSection(Section):
    host = text("127.0.0.1", allowed="a host name or address to listen on")
    port = whole(8000, 1, 65_535)
    public_url = url("http://127.0.0.1:8000", ("http", "https"))


class HealthSection(Section):
    """port: 0 takes any free one; without it there is no health server."""

    host = text("127.0.0.1", allowed="a host name or address to listen on")
    port = whole(None, 0, 65_535)


class LogSection(Section):
    level = choice("info", "debug", "info", "warning", "error")
    format = choice("auto", "auto", "console", "json")
    sample = number(1.0, 0, 1)


class BusSection(Section):
    """How the bus works; every key may be set again for one service under services.<name>.bus."""

    max_calls_per_message = whole(256, 1, 256)
    max_message_bytes = whole(262_144, 1_024, 16_777_216)
    default_timeout_s = number(10, 0.05, 600)
    drain_s = number(25, 0, 600)
    group_size = whole(256, 1, 4_096)
    workers = whole(50, 1, 1_000)
    event_prefetch = whole(50, 1, 10_000)
    event_workers = whole(10, 1, 1_000)
    event_retry_delays_s = waits((1, 5, 30, 120, 600))
    confirm_timeout_s = number(5, 0.1, 120)
    caller_authentication = choice("header", "header", "broker")
    plain_calls = choice("allow", "allow", "refuse")
    default_tenant = text("default", allowed="a tenant's name")
    app_tenants = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict,
        metadata={ALLOWED: "a mapping from an app's name to its tenant's name"},
    )


class SecuritySection(Section):
    """master_key_file is the usual way; master_key is for `${ENV}` only. security/keys.py tells their text form."""

    master_key_file = text(None, allowed="the path of a file that holds the key")
    master_key = text(None, allowed="keys as version:base64, separated by commas", longest=10_000)
    blind_index_key_version = whole(1, 1, 2**32 - 1)


class ConfigurationSchema(Section):
    environment = choice("development", "development", "production")
    broker = section(BrokerSection)
    database = section(DatabaseSection)
    http = section(HttpSection)
    health = section(HealthSection)
    log = section(LogSection)
    bus = section(BusSection)
    security = section(SecuritySection)
    services = fields.Dict(
        keys=fields.String(validate=validate.Regexp(SERVICE_NAME)),
        values=fields.Dict(keys=fields.String(), metadata={ALLOWED: "a mapping of the service's own keys"}),
        load_default=dict,
        metadata={ALLOWED: "a mapping from a service's name (a-z, 0-9, _) to its settings, a mapping"},
    )


def section_of(path: tuple[str, ...]) -> Mapping[str, Any] | None:
    """The fields of the section at a path, or None where there is no section."""
    schema: Section = ConfigurationSchema()
    if path[:1] == ("services",) and path[2:3] == ("bus",):
        path = ("bus",)
    for key in path:
        field = schema.fields.get(key)
        if not isinstance(field, fields.Nested):
            return None
        schema = field.schema  # type: ignore[assignment]
    return schema.fields
