"""Users of the broker for apps of the directory: what is wanted, and where a broker differs."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared_components.bus.deployment.definitions import LIMITS_OF_AN_APP
from shared_components.bus.deployment.rights import VHOST, Contracts, app_rights, permission, topic_permissions

TAG = "directory"
"""Tag of users that the directory has made; only these are ever removed."""

Export = Mapping[str, Any]
"""A broker's definitions, as `rabbitmqctl export_definitions` gives them."""


@dataclass(frozen=True, slots=True)
class AppUser:
    """password_hash: RabbitMQ's salted hash of the newest key; None keeps the password that the broker has."""

    name: str
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """what: missing, password, rights, limits, extra, namesake."""

    user: str
    what: str


def drift(export: Export, wanted: Sequence[AppUser], contracts: Contracts) -> list[Drift]:
    """Differences between the broker and the directory, by user."""
    users = {user["name"]: user for user in export.get("users", ())}
    found = [Drift(user.name, what) for user in wanted for what in _differences(export, users, user, contracts)]
    names = {user.name for user in wanted}
    found += [Drift(name, "extra") for name, user in users.items() if TAG in _tags(user) and name not in names]
    return sorted(found, key=lambda one: (one.user, one.what))


def definitions_of(export: Export, wanted: Iterable[AppUser], contracts: Contracts) -> dict[str, Any]:
    """Definitions that bring these users, and nobody else, to what the directory says."""
    users = {user["name"]: user for user in export.get("users", ())}
    wanted = list(wanted)
    rights = [app_rights(user.name, contracts) for user in wanted]
    return {
        "users": [{
            "name": user.name, "tags": [TAG], "limits": LIMITS_OF_AN_APP,
            "password_hash": user.password_hash or users.get(user.name, {}).get("password_hash", ""),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
        } for user in wanted],
        "permissions": [permission(one) for one in rights],
        "topic_permissions": [row for one in rights for row in topic_permissions(one)],
    }


def _differences(
    export: Export, users: Mapping[str, Mapping[str, Any]], user: AppUser, contracts: Contracts,
) -> Iterator[str]:
    present = users.get(user.name)
    if present is None:
        yield "missing"
        return
    if user.password_hash is not None and present.get("password_hash") != user.password_hash:
        yield "password"
    rights = app_rights(user.name, contracts)
    if _of(export, "permissions", user.name) != [permission(rights)] or \
            _of(export, "topic_permissions", user.name) != topic_permissions(rights):
        yield "rights"
    if dict(present.get("limits") or {}) != LIMITS_OF_AN_APP:
        yield "limits"


def _of(export: Export, kind: str, user: str) -> list[Mapping[str, Any]]:
    return [row for row in export.get(kind, ()) if row["user"] == user and row["vhost"] == VHOST]


def _tags(user: Mapping[str, Any]) -> Sequence[str]:
    tags = user.get("tags") or ()
    return [tag.strip() for tag in tags.split(",")] if isinstance(tags, str) else tags
