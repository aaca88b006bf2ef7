"""Errors of backups."""
from __future__ import annotations

from shared_components.kernel.errors import AppError, Conflict
from shared_components.runtime.errors import WrongUse


class BackupNotWhole(Conflict):
    """A file of the backup is missing, was cut or changed; or the restored rows are other ones."""

    code = "cli.backup-not-whole"
    texts = {"en": "The backup is not whole.", "zh": "备份不完整。"}


class BackupFailed(AppError):
    """pg_dump or pg_restore did not end well, or the server refused."""

    category = "unavailable"
    code = "cli.backup-failed"
    http_status = 503
    texts = {"en": "The backup or its restoration failed.", "zh": "备份或恢复失败。"}


class DatabaseNotEmpty(WrongUse):
    """A backup is restored into an empty database alone."""

    code = "cli.database-not-empty"
    texts = {"en": "The database is not empty.", "zh": "数据库不为空。"}
