"""The database as its superuser sees it: a snapshot, digests of all tables, and PostgreSQL's own programs."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.backup.errors import BackupFailed
from shared_components.runtime.errors import WrongUse

OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'"
TABLES = f"""SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {OURS} ORDER BY 1, 2"""  # noqa: S608 - constants
# A sum, so that no order is needed and memory stays flat, however many rows there are.
DIGEST = """SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text
    FROM {table} t"""


def server_url(text: str, option: str) -> URL:
    """Read the address of a superuser's database. Raises WrongUse."""
    url: URL | None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.drivername.startswith("postgresql") or not url.host or not url.database:
        raise WrongUse(Bilingual(
            f"{option} is no address of a PostgreSQL database; postgresql://superuser:password@host:5432/name is "
            "allowed",
            f"{option} 不是 PostgreSQL 数据库地址；格式为 postgresql://superuser:password@host:5432/name"))
    return url


@contextmanager
def connected(url: URL) -> Iterator[Any]:
    """Connect. Raises BackupFailed."""
    try:
        connection = psycopg2.connect(
            host=url.host, port=url.port or 5432, user=url.username, password=url.password, dbname=url.database,
            connect_timeout=10, application_name="zhongtai-backup")
    except psycopg2.OperationalError as error:
        raise BackupFailed(Bilingual(
            f"database '{url.database}' at '{url.host}' cannot be reached: {_first_line(error)}",
            f"无法连接“{url.host}”上的数据库“{url.database}”：{_first_line(error)}")) from None
    try:
        yield connection
    finally:
        connection.close()


def rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    except psycopg2.Error as error:
        raise BackupFailed(Bilingual(
            f"PostgreSQL refused a statement: {_first_line(error)}",
            f"PostgreSQL 拒绝语句：{_first_line(error)}")) from None


def digests(connection: Any) -> dict[str, dict[str, Any]]:
    """`payment.orders` → how many rows, and a sum over all of them."""
    found = {}
    for schema, table in rows(connection, TABLES):
        ((count, digest),) = rows(connection, DIGEST.format(table=f'"{schema}"."{table}"'))
        found[f"{schema}.{table}"] = {"rows": count, "digest": digest}
    return found


def sees_all_rows(connection: Any) -> bool:
    """Tell whether row-level security hides nothing from this user."""
    return bool(rows(connection, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")[0][0])


def run_program(program: str, url: URL, arguments: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs; the password stays out of its arguments. Raises BackupFailed."""
    try:
        done = subprocess.run(
            [program, *arguments], env=os.environ | _environment(url), capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise BackupFailed(Bilingual(
            f"program '{program}' is not found on the PATH; Debian: apt-get install postgresql-client",
            f"PATH 中没有程序“{program}”；Debian：apt-get install postgresql-client")) from None
    if done.returncode != 0:
        said = next(iter(done.stderr.strip().splitlines()), "no message")[:300]
        raise BackupFailed(Bilingual(f"{program} failed: {said}", f"{program} 失败：{said}"))


def _environment(url: URL) -> Mapping[str, str]:
    found = {"PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGPASSWORD": url.password,
             "PGDATABASE": url.database}
    return {name: str(value) for name, value in found.items() if value is not None}


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
