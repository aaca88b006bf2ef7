"""Rights of each broker user, derived from the contracts: the broker refuses everything else."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared_components.bus.amqp import names
from shared_components.kernel.callers import admits

VHOST = "zhongtai"
# Examples of the two kinds of application: one with our client or its own, one with stock nameko's.
APP, STOCK_APP = "app-demo", "app-nameko"
# Administrates the broker's users over HTTP (`zhongtai directory sync`); no exchange and no queue is open to it.
DIRECTORY_SYNC = "directory-sync"
UNROUTED = "zhongtai.unrouted"
# An exchange without queues, for events that no contract wants.
UNHEARD = "zhongtai.unheard"
# Services that put events into queues of apps: those that keep webhooks. They declare these queues, and read none.
TELLING_APPS, PUT_WEBHOOK = r"app-events\.app-.*", "put_webhook"
NOTHING = "^$"
REPLY_KEY = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
STOCK_REPLY_QUEUE = rf"rpc\.reply-[A-Za-z0-9_.-]+-{REPLY_KEY}"

Contracts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Rights:
    """Rights of one user: resources by regular expression, and routing keys on the exchange of calls.

    dead_keys: on that of dead letters, which hold what a service was sent.
    """

    user: str
    configure: Iterable[str] = ()
    write: Iterable[str] = ()
    read: Iterable[str] = ()
    write_keys: Iterable[str] = ()
    read_keys: Iterable[str] = ()
    dead_keys: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def all_rights(contracts: Contracts) -> list[Rights]:
    """Every service, the gateway, the operator, who synchronises apps' users, and the two example applications."""
    return [
        *(_service(name, contracts) for name in on_the_bus(contracts)),
        _gateway(contracts),
        _operator(contracts),
        Rights(DIRECTORY_SYNC, tags=("administrator",)),
        _caller(APP, contracts),
        _stock_caller(STOCK_APP, contracts),
    ]


def on_the_bus(contracts: Contracts) -> list[str]:
    """Those with a queue of their own; the gateway has none, it only calls."""
    return sorted(name for name in contracts if name != "gateway")


def _service(name: str, contracts: Contracts) -> Rights:
    own_queues = [
        exactly(names.rpc_queue(name)), exactly(names.dead_queue(name)), rf"(events|retry|quarantine)\.{name}\..*"]
    sources = {consumed.partition(".")[0] for consumed in contracts[name].get("consumes", [])} - {name}
    own_exchange, shared = exactly(names.event_exchange(name)), [names.RPC_EXCHANGE, exactly(names.DEAD_EXCHANGE)]
    of_apps = [TELLING_APPS] if PUT_WEBHOOK in contracts[name]["methods"] else []
    source_exchanges = [exactly(names.event_exchange(source)) for source in sorted(sources)]
    return Rights(
        user=name,
        # Its queues alone. Exchanges are deployed with these rights, and who may declare one may delete it.
        configure=[*own_queues, *of_apps],
        # The default exchange carries replies to direct reply-to, and events into their retry queues.
        write=[*shared, own_exchange, *own_queues, r"amq\.default", exactly(names.INSTANCES)],
        read=[*shared, own_exchange, *source_exchanges, *own_queues, exactly(names.DEGRADED)],
        write_keys=[*_callable_keys(name, contracts), REPLY_KEY],
        read_keys=[rf"{name}\.\*"],
        dead_keys=(name,),
    )


def _caller(user: str, contracts: Contracts) -> Rights:
    """An app: it calls, replies come by direct reply-to, and it reads the queue of its own events alone."""
    return Rights(user, write=[names.RPC_EXCHANGE], read=[exactly(names.app_queue(user))],
                  write_keys=_callable_keys(user, contracts))


def _gateway(contracts: Contracts) -> Rights:
    """It tells of itself, and knows what is switched off."""
    return Rights("gateway", write=[names.RPC_EXCHANGE, exactly(names.INSTANCES)], read=[exactly(names.DEGRADED)],
                  write_keys=_callable_keys("gateway", contracts))


def app_rights(user: str, contracts: Contracts) -> Rights:
    """Rights of an app's user: of an app with our client or its own."""
    return _caller(user, contracts)


def _stock_caller(user: str, contracts: Contracts) -> Rights:
    """A stock nameko client declares a reply queue of its own, and binds it to its UUID.

    It declares the exchange too, which the AMQP proxy makes a question that needs no right: who may declare an exchange
    may delete it, or give it an alternate exchange of its own.
    """
    return Rights(
        user, configure=[STOCK_REPLY_QUEUE], write=[names.RPC_EXCHANGE, STOCK_REPLY_QUEUE],
        read=[names.RPC_EXCHANGE, STOCK_REPLY_QUEUE, exactly(names.app_queue(user))],
        write_keys=_callable_keys(user, contracts),
        read_keys=[REPLY_KEY],
    )


def _operator(contracts: Contracts) -> Rights:
    """Calls what the contracts allow, looks at queues, sends dead letters back to their handlers or discards them."""
    return Rights(
        "operator", write=[names.RPC_EXCHANGE, r"amq\.default"],
        read=[r"dead\..*", exactly(UNROUTED), exactly(names.INSTANCES), exactly(names.DEGRADED)],
        write_keys=_callable_keys("operator", contracts), tags=("monitoring",),
    )


def _callable_keys(user: str, contracts: Contracts) -> list[str]:
    """The routing keys of what the contracts let a user call: each method, and `calls`, whose calls are checked again.

    Every call in a coalesced message names its method inside; there the service checks the validated `user_id`.
    """
    keys = []
    for service in sorted(contracts):
        methods = contracts[service]["methods"]
        allowed = sorted(name for name, method in methods.items() if admits(method["callers"], user))
        if allowed:
            keys.append(rf"{service}\.({'|'.join([names.CALLS_METHOD, *allowed])})")
    return keys


def exactly(name: str) -> str:
    return name.replace(".", r"\.")


def _one_of(patterns: Iterable[str]) -> str:
    chosen = list(patterns)
    return f"^({'|'.join(chosen)})$" if chosen else NOTHING


def permission(rights: Rights) -> dict[str, str]:
    return {
        "user": rights.user, "vhost": VHOST, "configure": _one_of(rights.configure),
        "write": _one_of(rights.write), "read": _one_of(rights.read),
    }


def topic_permissions(rights: Rights) -> list[dict[str, str]]:
    """An exchange without one would be open for every key to whoever may use it."""
    calls = {
        "user": rights.user, "vhost": VHOST, "exchange": names.RPC_EXCHANGE,
        "write": _one_of(rights.write_keys), "read": _one_of(rights.read_keys),
    }
    letters = {
        "user": rights.user, "vhost": VHOST, "exchange": names.DEAD_EXCHANGE,
        "write": _one_of(rights.dead_keys), "read": _one_of(rights.dead_keys),
    }
    return [calls, letters] if rights.dead_keys else [calls]
