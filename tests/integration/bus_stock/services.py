"""Services on stock nameko, for showing what it does: `python -m …services URL EFFECTS SERVICE…`.

Every effect is a line in the file EFFECTS.
"""
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import logging  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from nameko.cli.run import run  # noqa: E402
from nameko.containers import WorkerContext  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.rpc import RpcProxy, rpc  # noqa: E402

from tests.integration.bus_harness import note  # noqa: E402

EFFECTS = sys.argv[2] if len(sys.argv) > 2 else os.devnull


class Context(DependencyProvider):  # type: ignore[misc]
    def get_dependency(self, worker_ctx: WorkerContext) -> dict[str, Any]:
        return dict(worker_ctx.data)


class Worker:
    """A leaf: it calls nobody."""

    name = "worker"
    context = Context()

    @rpc
    def echo(self, value: Any) -> Any:
        note(EFFECTS, f"echo {value}")
        return value

    @rpc
    def work(self, key: str, seconds: float) -> str:
        note(EFFECTS, f"started {key}")
        eventlet.sleep(seconds)
        note(EFFECTS, f"done {key}")
        return key

    @rpc
    def who(self) -> Any:
        return self.context


class Caller:
    name = "caller"
    worker = RpcProxy("worker")
    nobody = RpcProxy("nobody", use_confirms=False)

    @rpc
    def relay(self, value: Any) -> Any:
        note(EFFECTS, f"relaying {value}")
        return self.worker.echo(value)

    @rpc
    def delegate(self, key: str, seconds: float) -> Any:
        return self.worker.work(key, seconds)

    @rpc
    def call_nobody(self) -> Any:
        note(EFFECTS, "calling nobody")
        return self.nobody.echo(1)


class Listener:
    name = "listener"

    @event_handler("source", "happened")
    def lose(self, data: Any) -> None:
        note(EFFECTS, "handled")
        raise RuntimeError("the database is away")

    @event_handler("source", "repeated", requeue_on_error=True)
    def repeat(self, data: Any) -> None:
        note(EFFECTS, "repeated")
        raise RuntimeError("the database is away")


class Dispatching:
    name = "dispatching"
    dispatch = EventDispatcher()

    @rpc
    def emit(self) -> None:
        self.dispatch("happened", {})


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    services = {service.name: service for service in (Worker, Caller, Listener, Dispatching)}
    config = {"AMQP_URI": sys.argv[1], "max_workers": int(os.environ.get("MAX_WORKERS", "10")), "HEARTBEAT": 10}
    run([services[name] for name in sys.argv[3:]], config)


if __name__ == "__main__":
    main()
