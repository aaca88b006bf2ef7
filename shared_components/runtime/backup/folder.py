"""A backup: a folder with one dump of all services' schemas and a manifest of what must be in it."""
from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.backup import postgresql
from shared_components.runtime.backup.errors import BackupFailed, BackupNotWhole, DatabaseNotEmpty
from shared_components.runtime.errors import WrongUse

DUMP, MANIFEST, FORMAT = "database.dump", "manifest.json", 1
LEDGER = ("payment.ledger_entries", "payment.ledger_balances")


@dataclass(frozen=True)
class Restored:
    """seconds: from the beginning of the restoration until every row was compared."""

    tables: int
    rows: int
    seconds: float


def make_backup(url: URL, folder: Path) -> dict[str, Any]:
    """Write a backup into a new folder, and give its manifest. One snapshot serves the dump and the digests.

    Raises WrongUse, BackupFailed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WrongUse(Bilingual(
            f"folder '{folder}' is not empty; a new folder is allowed", f"文件夹“{folder}”不为空；须为新文件夹"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with postgresql.connected(url) as connection:
        if not postgresql.sees_all_rows(connection):
            raise BackupFailed(Bilingual(
                f"user '{url.username}' does not see all rows, because of row-level security; a superuser is allowed",
                f"用户“{url.username}”受行级安全限制，看不到全部数据；须为超级用户"))
        connection.rollback()
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        ((snapshot, version),) = postgresql.rows(connection, "SELECT pg_export_snapshot(), version()")
        postgresql.run_program("pg_dump", url, [
            "--format=custom", f"--snapshot={snapshot}", "--lock-wait-timeout=60000", f"--file={folder / DUMP}"])
        tables = postgresql.digests(connection)
    manifest = {
        "format": FORMAT, "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "server": version,
        "dump_sha256": _sha256(folder / DUMP), "dump_bytes": (folder / DUMP).stat().st_size,
        "ledger": _ledger_hash(tables), "tables": tables,
    }
    draft = folder / f"{MANIFEST}.draft"
    draft.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    # Last: a folder without it is no backup.
    draft.replace(folder / MANIFEST)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Check the files of a backup. Raises BackupNotWhole, which names what is wrong."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        wanted, tables = manifest["dump_sha256"], manifest["tables"]
    except OSError as error:
        raise _not_whole(folder, f"its {MANIFEST} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError):
        raise _not_whole(folder, f"its {MANIFEST} is malformed") from None
    if not (folder / DUMP).is_file():
        raise _not_whole(folder, f"its {DUMP} is missing")
    if _sha256(folder / DUMP) != wanted:
        raise _not_whole(folder, f"its {DUMP} was cut or changed (SHA-256 differs)")
    if manifest.get("ledger") != _ledger_hash(tables):
        raise _not_whole(folder, f"its {MANIFEST} was changed (the ledger's hash differs)")
    return manifest


def restore(folder: Path, url: URL) -> Restored:
    """Restore into an empty database, and compare each table with the manifest.

    Raises BackupNotWhole, DatabaseNotEmpty, BackupFailed.
    """
    manifest, began = read_manifest(folder), time.monotonic()
    with postgresql.connected(url) as connection:
        found = postgresql.rows(connection, postgresql.TABLES)
    if found:
        raise DatabaseNotEmpty(Bilingual(
            f"database '{url.database}' has {len(found)} tables; an empty one is allowed, or --check",
            f"数据库“{url.database}”已有 {len(found)} 个表；须为空数据库，或使用 --check"))
    postgresql.run_program("pg_restore", url, ["--exit-on-error", f"--dbname={url.database}", str(folder / DUMP)])
    with postgresql.connected(url) as connection:
        tables = postgresql.digests(connection)
    _compare(folder, manifest["tables"], tables)
    return Restored(len(tables), sum(one["rows"] for one in tables.values()), time.monotonic() - began)


def check_restore(folder: Path, url: URL) -> Restored:
    """Restore into a database of its own on that server, compare, and drop it. Nothing else is touched."""
    read_manifest(folder)
    name = f"zhongtai_check_{secrets.token_hex(6)}"
    with postgresql.connected(url) as connection:
        connection.autocommit = True
        postgresql.rows(connection, f'CREATE DATABASE "{name}"')
        try:
            return restore(folder, url.set(database=name))
        finally:
            postgresql.rows(connection, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _compare(folder: Path, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    wrong = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    if wrong:
        raise _not_whole(folder, f"{len(wrong)} tables differ after the restoration: {', '.join(wrong[:5])}")


def _ledger_hash(tables: Mapping[str, Any]) -> str:
    """Over all entries and balances: the one number that finance compares."""
    text = json.dumps({name: tables.get(name) for name in LEDGER}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _not_whole(folder: Path, why: str) -> BackupNotWhole:
    return BackupNotWhole(Bilingual(f"backup '{folder}' is not whole: {why}", f"备份“{folder}”不完整：{why}"))
