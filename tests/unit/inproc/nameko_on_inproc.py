"""Stock nameko, unchanged, with `inproc://` as its broker. Run as a program: it patches its process."""
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import logging  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.rpc import RpcProxy, rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from nameko.standalone.events import event_dispatcher  # noqa: E402
from nameko.standalone.rpc import ClusterRpcProxy, ServiceRpcProxy  # noqa: E402

import shared_components.inproc as inproc  # noqa: E402

CONFIG = {"AMQP_URI": "inproc://", "max_workers": 5}
heard: list[Any] = []


class Front:
    name = "front"
    dispatch = EventDispatcher()
    back = RpcProxy("back")

    @rpc
    def double(self, number: int) -> int:
        self.dispatch("doubled", number)
        return int(self.back.double(number))

    @rpc
    def fail(self) -> None:
        raise ValueError("no")


class Back:
    name = "back"

    @rpc
    def double(self, number: int) -> int:
        return 2 * number

    @event_handler("front", "doubled")
    def on_doubled(self, number: int) -> None:
        heard.append(number)


def error_of(call: Any) -> str:
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "none"


def main() -> None:
    logging.disable(logging.CRITICAL)
    runner = ServiceRunner(CONFIG)
    for service in (Front, Back):
        runner.add_service(service)
    runner.start()
    results: dict[str, Any] = {}
    with ClusterRpcProxy(CONFIG, timeout=5) as cluster:
        results["reply"] = cluster.front.double(4)
        results["error"] = error_of(cluster.front.fail)
        results["unknown service"] = error_of(lambda: cluster.nobody.double(1))
        results["unknown method"] = error_of(lambda: cluster.front.nothing())
        results["wrong arguments"] = error_of(lambda: cluster.back.double())
        pending = [cluster.back.double.call_async(number) for number in range(50)]
        results["many"] = [reply.result() for reply in pending] == [2 * number for number in range(50)]
    event_dispatcher(CONFIG)("front", "doubled", 9)
    inproc.disconnect()
    with eventlet.Timeout(10), ServiceRpcProxy("front", CONFIG, timeout=5) as front:
        results["after a cut"] = front.double(5)
    eventlet.sleep(0.1)
    results["heard"] = sorted(heard)
    with eventlet.Timeout(10):
        runner.stop()
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main()
