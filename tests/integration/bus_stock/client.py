"""A stock nameko client in a process of its own, because what it shows is that it never ends."""
from __future__ import annotations

import sys

from nameko.standalone.rpc import ServiceRpcProxy

if __name__ == "__main__":
    with ServiceRpcProxy("worker", {"AMQP_URI": sys.argv[1]}) as worker:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read() if len(sys.argv) > 2 else None
        worker.echo("client")
