"""The address at which the verifier asks for a provider state, and gets its values."""
from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared_components.devstack.processes import LOOPBACK

log = logging.getLogger(__name__)


@contextmanager
def state_server(make: Callable[[str], Mapping[str, Any]]) -> Iterator[str]:
    """Its address, for the length of a block. make: the state's name → its values."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, values = 200, {}
            if asked.get("action") != "teardown":
                try:
                    values = dict(make(asked["state"]))
                except Exception:
                    log.exception("pact.state.failed")
                    status = 500
            body = json.dumps(values).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing: standard output is the command's."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="pact-states")
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
