"""`python -m tests.benchmarks.stock.main BROKER_URL HTTP_PORT NAME`: one stock service, as nameko's own runner runs it.

HTTP_PORT is the gateway's; the others do not listen.
"""
from __future__ import annotations

# Nothing of the bus is used: this is eventlet.monkey_patch() and a psycopg2 that waits green, as psycogreen makes it.
from shared_components.bus.green.patching import patch, settle_memory

patch()

import signal  # noqa: E402
import sys  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from tests.benchmarks.stock import bare, orders, service  # noqa: E402
from tests.benchmarks.stock.database import engine  # noqa: E402

SERVICES = {"stock": service.StockService, "listener": service.StockListener, "gateway": service.StockGateway}
MAX_WORKERS = 50


def main(broker_url: str, http_port: str, name: str) -> None:
    if name == "stock":
        bare.make_tables(engine())
        orders.make_tables(engine())
    runner = ServiceRunner({
        "AMQP_URI": broker_url, "max_workers": MAX_WORKERS, "WEB_SERVER_ADDRESS": f"127.0.0.1:{http_port}",
    })  # fmt: skip
    runner.add_service(SERVICES[name])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    runner.start()
    settle_memory()  # for it as for ours
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
