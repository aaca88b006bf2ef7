"""RabbitMQ definitions from the services' contracts: users, permissions, policies, and the exchanges they speak of.

`python -m shared_components.bus.deployment.definitions` prints them; `--write FILE` and `--check FILE` are for the
committed file, which has no passwords (its users cannot log in). `--base FILE --passwords-from-environment` is what a
broker is to load: that file with the hash of each user's password, taken from
`<USER>_BROKER_PASSWORD` (`APP_DEMO_BROKER_PASSWORD`).
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shared_components.bus.amqp import degraded, instances, names
from shared_components.bus.amqp.topology import (
    DEAD_LETTERS,
    IN_ORDER_DELIVERY_LIMIT,
    QUARANTINE_DELIVERY_LIMIT,
    Subscription,
)
from shared_components.bus.deployment.rights import (
    UNHEARD,
    UNROUTED,
    VHOST,
    Contracts,
    all_rights,
    exactly,
    on_the_bus,
    permission,
    topic_permissions,
)

# Without a limit of ours RabbitMQ 4 has one of 20, and looking 20 times would lose a letter.
LOOKS_AT_A_LETTER = 1_000_000
# In all, through however many edges and from however many machines.
LIMITS_OF_AN_APP = {"max-connections": 200, "max-channels": 2_000}
# RabbitMQ has no limit of queues a user. The platform has some hundred; the rest is for reply queues of stock apps.
MOST_QUEUES = 10_000
MOST_EVENTS_OF_AN_APP, UNUSED_QUEUE_MS = 100_000, 90 * 86_400_000


def definitions(contracts: Contracts) -> dict[str, Any]:
    """contracts: service → its contract.json."""
    rights = all_rights(contracts)
    subscriptions = list(_subscriptions(contracts))
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(one.user, one.tags) for one in rights],
        "permissions": [permission(one) for one in rights],
        "topic_permissions": [one for rights_of_user in rights for one in topic_permissions(rights_of_user)],
        "exchanges": _exchanges(contracts),
        "queues": [
            _queue(UNROUTED, {"x-queue-type": "quorum"}), _queue(names.INSTANCES, instances.QUEUE),
            _queue(names.DEGRADED, degraded.STREAM),
            *(_queue(one.queue, one.arguments) for one in subscriptions),
        ],
        "bindings": [
            _binding(UNROUTED, UNROUTED, ""), _binding(names.INSTANCES, names.INSTANCES, ""),
            *(_binding(names.event_exchange(one.source), one.queue, event_type)
              for one in subscriptions for event_type in one.event_types),
            *(_binding(names.event_exchange(service), UNHEARD, event_type, kind="exchange")
              for service, event_type in _unheard(contracts, subscriptions)),
        ],
        "parameters": [{
            "vhost": VHOST, "component": "vhost-limits", "name": "limits", "value": {"max-queues": MOST_QUEUES},
        }],
        "policies": _policies(contracts),
    }  # fmt: skip


def with_passwords(content: Mapping[str, Any], passwords: Mapping[str, str]) -> dict[str, Any]:
    """The same with the salted hashes of these users' passwords; a user without one cannot log in."""
    unknown = sorted(set(passwords) - {user["name"] for user in content["users"]})
    if unknown:
        known = sorted(user["name"] for user in content["users"])
        raise ValueError(f"passwords name the users {unknown}; the definitions have {known}")
    users = [
        {**user, "password_hash": password_hash(passwords[user["name"]])} if passwords.get(user["name"]) else user
        for user in content["users"]
    ]
    return {**content, "users": users}


def password_hash(password: str, salt: bytes | None = None) -> str:
    """RabbitMQ's own: base64(salt + SHA-256(salt + password)), salt of 4 bytes. Passwords should be random and long."""
    salt = os.urandom(4) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def read_contracts(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*/contract.json"))}


def passwords_from(environ: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, str]:
    """user → password, of those whose variable is set and not empty."""
    found = {user["name"]: environ.get(password_variable(user["name"]), "") for user in content["users"]}
    return {user: password for user, password in found.items() if password}


def password_variable(user: str) -> str:
    return user.upper().replace("-", "_") + "_BROKER_PASSWORD"


def _user(name: str, tags: Iterable[str]) -> dict[str, Any]:
    """An app may open so much, and no more: its mistakes are not to use up the broker."""
    user: dict[str, Any] = {"name": name, "password_hash": "", "tags": list(tags)}
    return user | ({"limits": LIMITS_OF_AN_APP} if name.startswith("app-") else {})


def _exchanges(contracts: Contracts) -> list[dict[str, Any]]:
    """Exchanges that exist before the first service starts: an early event or call would be lost without them."""
    kinds = {names.RPC_EXCHANGE: "topic", names.DEAD_EXCHANGE: "topic", UNROUTED: "fanout", UNHEARD: "fanout",
             names.INSTANCES: "fanout"}
    kinds |= {names.event_exchange(service): "topic" for service in on_the_bus(contracts)}
    return [
        {"name": name, "vhost": VHOST, "type": kind, "durable": True, "auto_delete": False, "internal": False,
         "arguments": {}}
        for name, kind in kinds.items()
    ]  # fmt: skip


def _subscriptions(contracts: Contracts) -> Iterator[Subscription]:
    """Yield every event handler's subscription: events wait in its queue before the service first runs."""
    for service in on_the_bus(contracts):
        for handler, wanted in contracts[service].get("handlers", {}).items():
            events = [event.partition(".") for event in wanted["events"]]
            yield Subscription(
                service, handler, events[0][0], tuple(event_type for _, _, event_type in events), wanted["ordered"])


def _unheard(contracts: Contracts, subscriptions: Iterable[Subscription]) -> list[tuple[str, str]]:
    """(service, event type) of what is promised and handled by nobody yet.

    Such an event would go where those go that something is missing for, cost a write to disk each, and hide them.
    """
    heard = {(one.source, event_type) for one in subscriptions for event_type in one.event_types}
    promised = {(service, event.rpartition(".v")[0])
                for service in on_the_bus(contracts) for event in contracts[service].get("events", {})}
    return sorted(promised - heard)


def _queue(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": dict(arguments)}


def _binding(source: str, destination: str, key: str, *, kind: str = "queue") -> dict[str, Any]:
    return {
        "source": source, "vhost": VHOST, "destination": destination, "destination_type": kind, "routing_key": key,
        "arguments": {},
    }


def _policies(contracts: Contracts) -> list[dict[str, Any]]:
    """Bounded queues everywhere: a full one refuses what is published, and the publisher knows."""
    return [
        # Of calls no deliveries are counted: what comes again is moved to the service's quarantine.
        _policy("rpc", r"^rpc-", "queues", {"max-length": 10_000, "overflow": "reject-publish"}),
        _policy("stock-replies", r"^rpc\.reply-", "queues", {"max-length": 10_000, "expires": 3_600_000}),
        # One a service: a policy has one dead-letter routing key.
        *(policy for service in on_the_bus(contracts) for policy in (
            _policy(f"events-{service}", rf"^events\.{service}\.", "queues",
                    _limits(service, 100_000, IN_ORDER_DELIVERY_LIMIT)),
            _policy(f"quarantine-{service}", rf"^quarantine\.{service}\.", "queues",
                    _limits(service, 10_000, QUARANTINE_DELIVERY_LIMIT)),
        )),
        _policy("retry", r"^retry\.", "queues", {"max-length": 100_000, "overflow": "reject-publish"}),
        # Never full: that would hold up the service. Each look of an operator is a delivery.
        _policy("dead", r"^dead\.", "queues", {
            "max-length": DEAD_LETTERS, "overflow": "drop-head", "delivery-limit": LOOKS_AT_A_LETTER}),
        _policy("unrouted", f"^{exactly(UNROUTED)}$", "queues", {
            "max-length": 10_000, "message-ttl": 7 * 86_400_000, "delivery-limit": LOOKS_AT_A_LETTER}),
        # An app that does not read fills its own queue alone. A queue that nobody used so long was a closed app's.
        _policy("app-events", r"^app-events\.", "queues", {
            "max-length": MOST_EVENTS_OF_AN_APP, "overflow": "reject-publish", "expires": UNUSED_QUEUE_MS,
            "delivery-limit": LOOKS_AT_A_LETTER}),
        # Each message ends by itself; the oldest go first should there be thousands of processes.
        _policy("instances", f"^{exactly(names.INSTANCES)}$", "queues", {
            "max-length": 5_000, "overflow": "drop-head", "delivery-limit": LOOKS_AT_A_LETTER}),
        _policy("event-exchanges", r"\.events$", "exchanges", {"alternate-exchange": UNROUTED}),
    ]  # fmt: skip


def _limits(service: str, length: int, deliveries: int) -> dict[str, Any]:
    return {
        "max-length": length, "overflow": "reject-publish", "delivery-limit": deliveries,
        "dead-letter-exchange": names.DEAD_EXCHANGE, "dead-letter-routing-key": service,
        "dead-letter-strategy": "at-least-once",
    }


def _policy(name: str, pattern: str, applies_to: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "vhost": VHOST, "name": name, "pattern": pattern, "apply-to": applies_to, "priority": 1,
        "definition": dict(definition),
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shared_components.bus.deployment.definitions", description=__doc__)
    parser.add_argument("--services", type=Path, default=Path("services"), help="the folder of the services")
    parser.add_argument("--base", type=Path, metavar="FILE", help="start from this file instead of the contracts")
    parser.add_argument("--passwords-from-environment", action="store_true", help="<USER>_BROKER_PASSWORD")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write it there")
    parser.add_argument("--check", type=Path, metavar="FILE", help="exit 1 when this file is not what would be written")
    options = parser.parse_args(arguments)
    content = json.loads(options.base.read_text("utf-8")) if options.base else _from_contracts(options.services, parser)
    if options.passwords_from_environment:
        content = with_passwords(content, passwords_from(os.environ, content))
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    if options.check:
        return _check(options.check, text)
    if options.write:
        options.write.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _from_contracts(folder: Path, parser: argparse.ArgumentParser) -> dict[str, Any]:
    contracts = read_contracts(folder)
    if not contracts:
        parser.error(f"'{folder}' holds no <service>/contract.json; `zhongtai contracts export` writes them")
    return definitions(contracts)


def _check(path: Path, text: str) -> int:
    if path.exists() and path.read_text("utf-8") == text:
        return 0
    sys.stderr.write(f"{path} is stale; run: make definitions\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
