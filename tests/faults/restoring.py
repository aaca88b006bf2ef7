"""A database dumped and restored, and what must be the same in both: rows, the books, and the guards around them."""
from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from services.payment.ledger.domain import books
from services.payment.ledger.domain.errors import BooksDiffer
from services.payment.ledger.domain.ledger import Balance
from shared_components.devstack import binaries
from shared_components.devstack.postgresql import APPLICATION, SUPERUSER, PrivatePostgreSQL

LEDGER = ("ledger_entries", "ledger_balances")
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"
TABLES = f"""SELECT n.nspname, c.relname, c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND {OURS} ORDER BY 1, 2"""  # noqa: S608
GUARDS = {
    "policies": """SELECT schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check
        FROM pg_policies ORDER BY 1, 2, 3""",
    "row security": f"""SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner::regrole::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND {OURS}
        ORDER BY 1""",  # noqa: S608
    "rights": f"""SELECT c.relname, a.grantee::regrole::text, a.privilege_type
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE c.relkind = 'r' AND {OURS} ORDER BY 1, 2, 3""",  # noqa: S608
    "triggers": """SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal ORDER BY 1, 2""",
}
NO_RIGHT, APPEND_ONLY = "42501", "23001"
"""SQLSTATE: insufficient_privilege (row-level security's refusal, too), restrict_violation."""
CHANGES = {
    "update": "UPDATE ledger_entries SET amount_minor = amount_minor + 1", "delete": "DELETE FROM ledger_entries",
    "truncate": "TRUNCATE ledger_entries",
}
FOREIGN = "INSERT INTO ledger_balances VALUES ('{tenant}', 'r25', 'CNY', 0, 0)"


@dataclass(frozen=True)
class Copy:
    """One database of the laboratory's server, by its name."""

    postgres: PrivatePostgreSQL
    name: str

    def dump(self, file: Path, *, role: str = SUPERUSER) -> int:
        """Gives pg_dump's exit code."""
        return _run("pg_dump", "--format=custom", f"--file={file}", self.postgres.dsn_for(self.name, role=role))

    def restore(self, file: Path) -> None:
        target = self.postgres.dsn_for(self.name, role=SUPERUSER)
        if _run("pg_restore", "--exit-on-error", f"--dbname={target}", str(file)):
            raise RuntimeError(f"pg_restore of {file.name} failed")

    def tables(self) -> dict[str, bool]:
        """schema.table → whether it has row-level security."""
        found = self.postgres.execute(TABLES, database=self.name)
        return {f'"{schema}"."{table}"': bool(secured) for schema, table, secured in found}

    def digests(self) -> dict[str, str]:
        """table → a hash over all of its rows, whoever's they are."""
        return {table: self._digest(table) for table in self.tables()}

    def ledger_hash(self) -> str:
        """Over all entries and all balances."""
        both = [digest for table, digest in self.digests().items() if table.split('"')[-2] in LEDGER]
        if len(both) != len(LEDGER):
            raise RuntimeError(f"the ledger's tables are {len(both)}, not {len(LEDGER)}")
        return hashlib.sha256("".join(both).encode()).hexdigest()

    def _digest(self, table: str) -> str:
        digest = hashlib.sha256()
        for (row,) in self.postgres.execute(f"SELECT t::text FROM {table} t ORDER BY 1", database=self.name):  # noqa: S608
            digest.update(row.encode() + b"\n")
        return digest.hexdigest()

    def guards(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: self.postgres.execute(query, database=self.name) for name, query in GUARDS.items()}

    def accounts_wrong(self, schema: str) -> int:
        """Accounts whose stored balance is not the sum of their entries, over all tenants; unbalanced books are one."""
        sums = f"""SELECT tenant_id, account, currency, sum(debit), sum(credit) FROM (
            SELECT tenant_id, debit_account AS account, currency, amount_minor AS debit, 0 AS credit
              FROM {schema}.ledger_entries UNION ALL
            SELECT tenant_id, credit_account, currency, 0, amount_minor FROM {schema}.ledger_entries
        ) AS halves GROUP BY 1, 2, 3"""  # noqa: S608
        stored = f"SELECT tenant_id, account, currency, debit_minor, credit_minor FROM {schema}.ledger_balances"  # noqa: S608
        try:
            books.check_rebuilt(self._balances(sums), self._balances(stored))
        except BooksDiffer as error:
            return len(error.details.get("accounts", ["unbalanced"]))
        return 0

    def _balances(self, query: str) -> dict[tuple[str, str], Balance]:
        return {
            (f"{tenant}:{account}", currency): Balance(f"{tenant}:{account}", int(debit), int(credit))
            for tenant, account, currency, debit, credit in self.postgres.execute(query, database=self.name)
        }

    # as the application's role

    def visible(self, table: str, tenants: str) -> int:
        with self._cursor(tenants) as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            return int(cursor.fetchone()[0])

    def refusal(self, schema: str, statement: str, *, tenants: str, before: str = "") -> str:
        """The SQLSTATE with which a statement is refused; empty when it is not. Nothing of it stays."""
        with self._cursor(tenants) as cursor:
            cursor.execute(f'SET search_path TO "{schema}"; {before}')
            try:
                cursor.execute(statement)
            except psycopg2.Error as error:
                return str(error.pgcode)
            return ""

    @contextmanager
    def _cursor(self, tenants: str) -> Iterator[Any]:
        connection = psycopg2.connect(self.postgres.dsn_for(self.name, role=APPLICATION), connect_timeout=5)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('zhongtai.tenants', %s, true)", [tenants])
                yield cursor
            connection.rollback()
        finally:
            connection.close()


def _run(program: str, *arguments: str) -> int:
    command = [str(binaries.postgresql_folder() / program), *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode
