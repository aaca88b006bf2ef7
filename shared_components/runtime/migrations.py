"""Brings the databases of services to their newest version."""
from __future__ import annotations

from typing import Any

from shared_components.configuration.loading import told
from shared_components.kernel.bilingual import Bilingual, chinese
from shared_components.runtime.discovery import chosen_services, service_folder


def check_database(url: str) -> str | None:
    """Describe the database, with a warning of an old one; None for SQLite, and for one that cannot be reached.

    Raises ServerRefused for a database that the platform does not run on.
    """
    from shared_components.db import DatabaseUnavailable
    from shared_components.runtime.server_versions import database_notice, database_version

    try:
        version = database_version(url, "platform")
    except DatabaseUnavailable:
        return None  # the migration tells which service's it is
    return None if version is None else database_notice(version)


def migrate_services(url: str, services: tuple[str, ...] = (), *, check: bool = False) -> list[dict[str, Any]]:
    """One row a service that has a database: what was run, or with `check` what is waiting."""
    from shared_components.db import DatabaseUnavailable, migrate, pending

    rows = []
    for service in chosen_services(services):
        if not (service_folder(service) / "migrations").is_dir():
            continue
        try:
            revisions = pending(url, service) if check else migrate(url, service)
        except DatabaseUnavailable as error:
            raise DatabaseUnavailable(Bilingual(
                f"{told('database', 'url', url)}: {error.message}",
                f"{told('database', 'url', url)}：{chinese(error.text)}")) from error
        state = "up to date" if not revisions else "!waiting" if check else "migrated"
        rows.append({"service": service, "state": state, "revisions": revisions})
    return rows
