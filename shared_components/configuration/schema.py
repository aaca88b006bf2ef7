"""Every key of the configuration file, with its default and its limits."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from shared_components.configuration.fields import (
    ALLOWED,
    MEANING,
    Section,
    choice,
    days,
    known_years,
    number,
    section,
    switch,
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
    url = url(DEFAULT_BROKER_URL, BROKER_SCHEMES, "The message broker; `inproc://` is one inside the process")
    passwords_file = text(None, "For services that share one configuration: each then logs in as its own user, and "
                          "`url` says where", allowed="the path of a YAML file with a line `user: password` a service")
    queues = choice("classic", ("classic", "quorum"), "The queues of calls and of retries that services declare. "
                    "`quorum` keeps copies of them on three nodes, so that calls go on when a node of a cluster ends. "
                    "One for the whole platform: the broker refuses a queue that exists as the other kind")
    heartbeat_s = whole(10, 0, 600, "After twice this without a sign of life the connection counts as lost; 0 is off")


class DatabaseSection(Section):
    """Limits per service process; the timeouts bind on PostgreSQL (`lock_timeout_s` on SQLite too)."""

    url = url(DEFAULT_DATABASE_URL, DATABASE_SCHEMES,
              "The database; on PostgreSQL each service has its own schema, on SQLite its own file beside this name")
    pool_size = whole(10, 1, 500, "Connections that a process may have open")
    pool_timeout_s = number(5, 0.1, 120, "How long a call waits for one of them")
    connect_timeout_s = whole(5, 1, 120, "How long opening a connection may take")
    statement_timeout_s = number(10, 0.1, 600, "How long a statement may run")
    lock_timeout_s = number(5, 0.1, 600, "How long a statement waits for a lock; on SQLite for the other writer")
    idle_timeout_s = number(30, 1, 3600, "How long a transaction may stay open without a statement")
    tcp_user_timeout_s = number(15, 1, 600, "How long sent data may stay unacknowledged")


class HttpSection(Section):
    host = text("127.0.0.1", "Where the gateway listens", allowed="a host name or address to listen on")
    port = whole(8000, 1, 65_535, "Where the gateway listens")
    public_url = url(
        None, ("http", "https"), "How citizens and providers reach the gateway; without it by `host` and `port`")


class HealthSection(Section):
    """port: 0 takes any free one; without it there is no health server."""

    host = text("127.0.0.1", "Where `/live`, `/ready` and `/metrics` are served",
                allowed="a host name or address to listen on")
    port = whole(None, 0, 65_535, "0 takes any free one; without it there is no health server (the gateway has its "
                 "own under `http`)")


class EdgeSection(Section):
    """Section of `zhongtai edge`, the AMQP proxy through which apps outside reach the broker."""

    host = text("127.0.0.1", "Where the edge listens for apps that speak AMQP",
                allowed="a host name or address to listen on")
    port = whole(5672, 0, 65_535, "Where it listens; 0 takes any free one")
    tls_certificate_file = text(None, "With it and its key apps speak `amqps://`",
                                allowed="the path of a PEM file, the server's certificate first")
    tls_key_file = text(None, "The certificate's key", allowed="the path of a PEM file without a password")
    max_message_bytes = whole(1_048_576, 1_024, 134_217_728, "The largest message that goes through. RabbitMQ's own "
                              "`max_message_size` is looked at when it has gathered the message")
    bytes_per_s = whole(16_777_216, 65_536, 2**40, "What one connection may send; more waits in its own socket")
    connections = whole(1_000, 1, 100_000, "Connections at once; each takes two open files")
    connections_per_address = whole(100, 1, 100_000, "Connections at once from one address")
    new_connections_per_s = number(20, 0.1, 10_000, "New connections of one address after `connections_per_address` of "
                                   "them came at once; more wait, and are refused after 5 s")


class OperatorSection(Section):
    socket = text("var/operator/operator.sock", "The Unix socket by which commands reach a platform on `inproc://`, "
                  "with the operator's rights, and those on RabbitMQ are scaled. Its owner alone may use it",
                  allowed="the path of a socket")


class LogSection(Section):
    level = choice("info", ("debug", "info", "warning", "error"), "The least that is written")
    format = choice("auto", ("auto", "console", "json"), "`auto` is console on a terminal, else JSON")
    sample = number(1.0, 0, 1, "Share of good calls that are written; bad ones always are")


class BusSection(Section):
    """How the bus works; every key may be set again for one service under services.<name>.bus."""

    max_message_bytes = whole(262_144, 1_024, 16_777_216, "The most that one message of replies may hold")
    default_timeout_s = number(10, 0.05, 600, "The deadline of a call that states none")
    drain_s = number(25, 0, 600, "How long a process that is told to stop may finish what it has begun")
    group_size = whole(256, 1, 4_096, "The most calls of one method, or events, that share a transaction")
    serves = choice("all", ("all", "calls", "events"), "What a process takes from the broker: with processes of their "
                    "own, a flood of events never starves calls. Timers run where events do")
    prefetch = whole(50, 1, 10_000, "Messages of calls that a process may have in hand")
    workers = whole(50, 1, 1_000, "Groups of calls that a process works on at once")
    event_prefetch = whole(256, 1, 10_000, "Events that a handler may have in hand")
    event_workers = whole(10, 1, 1_000, "Events that a handler which talks to the outside works on at once")
    event_retry_delays_s = waits((1, 5, 30, 120, 600), "How long a failed event waits, one a try; then it is a dead "
                                 "letter")
    confirm_timeout_s = number(5, 0.1, 120, "How long a publisher waits for the broker's confirm")
    caller_authentication = choice("header", ("header", "broker"), "Who says who calls: the caller itself "
                                   "(development), or the broker's validated user (production)")
    default_tenant = text("default", "The tenant of a caller that has none and states none", allowed="a tenant's name")
    app_tenants = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict, metadata={
            ALLOWED: "a mapping from an app's name to its tenant's name",
            MEANING: "The tenant of each app on the bus, whatever it states itself",
        },
    )


class SecuritySection(Section):
    """master_key_file is the usual way; master_key is for `${ENV}` only. security/keys.py tells their text form."""

    master_key_file = text(
        None, "One `version:base64 of 32 bytes` a line. Without any key, development makes one under `var/`, and "
        "production refuses to start", allowed="the path of a file that holds the key")
    master_key = text(None, "The same as text, for `${ENV}` only; not both",
                      allowed="keys as version:base64, separated by commas", longest=10_000)
    keys_folder = text(None, "Keys that sign and verify tokens and tickets: `<issuer>.<version>.pem` private, "
                       "`<issuer>.<version>.pub.pem` public; `seal_<service>` seals secrets of calls. "
                       "Without it development makes them under `var/keys`, and "
                       "production takes neither tokens nor tickets", allowed="the path of a folder")
    token_issuer = text("sandbox", "Signs access tokens; its public keys lie in `keys_folder`",
                        allowed="an issuer's name")
    realm = text("sandbox", "The audience of access tokens", allowed="a realm's name")
    blind_index_key_version = whole(1, 1, 2**32 - 1, "The key that encrypted values are found with; it does not follow "
                                    "the master key's rotation")
    pairwise_ids = switch(False, "Each department's apps know a subject by an id of their own. Turn it on in a new "
                          "installation; turned on later, the ids that apps have kept are no longer taken")
    pairwise_key_version = whole(1, 1, 255, "The key that these ids are made with; it does not follow the master key's "
                                 "rotation, so that ids stay the same")


class EvidenceSection(Section):
    """The evidence log (`zhongtai evidence`)."""

    keep_days = whole(None, 183, 36_500, "How long records are kept, at least six months; heads and signatures always "
                      "are. Without it records are kept for ever")


class CalendarSection(Section):
    """Working days of all services, beside the years that the kit ships (2026)."""

    holidays = days("Days off beside the weekends")
    make_up_days = days("Weekend days that are worked (调休上班日)")
    years = known_years("Years beside the shipped ones (2026) whose holidays and make-up days are given; limits of "
                        "cases that end in other years are pending")


class MaterialsSection(Section):
    """Files that citizens and apps give. The gateway writes them; matter and notification see the same folder."""

    folder = text("var/materials", "Where files of cases and jobs lie, encrypted; their services have the keys",
                  allowed="the path of a folder")


class ConfigurationSchema(Section):
    environment = choice("development", ("development", "production"), "Development has a demo app, sandboxes and a "
                         "key of its own making; production refuses a key made at start and the demo app's key")
    broker = section(BrokerSection)
    database = section(DatabaseSection)
    http = section(HttpSection)
    health = section(HealthSection)
    edge = section(EdgeSection)
    operator = section(OperatorSection)
    log = section(LogSection)
    bus = section(BusSection)
    security = section(SecuritySection)
    evidence = section(EvidenceSection)
    calendar = section(CalendarSection)
    materials = section(MaterialsSection)
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
