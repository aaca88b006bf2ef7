"""Versions of the broker and the database: refuse what the platform cannot run on, warn of what is out of support."""
from __future__ import annotations

import re

from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.errors import WrongUse

# Nothing newer is relied on: quorum queues with delivery limits, streams.
LEAST_RABBITMQ, SUPPORTED_RABBITMQ = (3, 10), (4, 2)
LEAST_POSTGRESQL, SUPPORTED_POSTGRESQL = 13, 16
OTHERS = {
    "opengauss": "openGauss", "gaussdb": "GaussDB", "kingbase": "Kingbase", "dameng": "Dameng",
    "cockroach": "CockroachDB", "yugabyte": "YugabyteDB", "greenplum": "Greenplum", "redshift": "Redshift",
    "enterprisedb": "EDB Advanced Server",
}


class ServerRefused(WrongUse):
    """The broker or the database is one that the platform does not run on."""

    code = "cli.server-refused"
    texts = {"en": "The platform does not run on this server.", "zh": "平台不支持该服务器。"}


def broker_notice(product: str, version: str) -> str:
    """Describe the broker, with a warning where its maker no longer supports it. Raises ServerRefused."""
    found = re.match(r"(\d+)\.(\d+)", version)
    number = (int(found[1]), int(found[2])) if found else (0, 0)
    if product != "RabbitMQ" or number < LEAST_RABBITMQ:
        least = ".".join(map(str, LEAST_RABBITMQ))
        raise ServerRefused(Bilingual(
            f"broker is '{product[:40]} {version[:40]}'; RabbitMQ {least} or newer is needed",
            f"消息代理为“{product[:40]} {version[:40]}”；须为 RabbitMQ {least} 或更新版本"))
    supported = ".".join(map(str, SUPPORTED_RABBITMQ))
    late = "" if number >= SUPPORTED_RABBITMQ else f" (out of its maker's support; {supported} or newer is supported)"
    return f"RabbitMQ {version}{late}"


def database_notice(version: str) -> str:
    """Describe the database by what `SELECT version()` says. Raises ServerRefused."""
    other = next((name for word, name in OTHERS.items() if word in version.lower()), None)
    found = re.match(r"PostgreSQL (\d+)(\.\d+)?", version)
    if other is not None or found is None or int(found[1]) < LEAST_POSTGRESQL:
        raise ServerRefused(Bilingual(
            f"database is '{other or version[:60]}'; PostgreSQL {LEAST_POSTGRESQL} or newer is needed",
            f"数据库为“{other or version[:60]}”；须为 PostgreSQL {LEAST_POSTGRESQL} 或更新版本"))
    late = "" if int(found[1]) >= SUPPORTED_POSTGRESQL else f" ({SUPPORTED_POSTGRESQL} or newer is recommended)"
    return f"{found[0]}{late}"


def database_version(url: str, service: str) -> str | None:
    """Ask a PostgreSQL server what it is; None for SQLite. Raises DatabaseUnavailable."""
    if url.startswith("sqlite"):
        return None
    from sqlalchemy import text

    from shared_components.db import ALL_TENANTS, Database

    database = Database(url, service, pool_size=1)
    try:
        with database.reading(ALL_TENANTS) as session:
            return str(session.execute(text("SELECT version()")).scalar_one())
    finally:
        database.dispose()
