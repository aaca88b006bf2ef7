"""A small HTTP server for /live, /ready and /metrics."""
from __future__ import annotations

import errno
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, ClassVar

import orjson

from shared_components.observability.health import Health, Report
from shared_components.observability.metrics import METRICS, Metrics

JSON, PLAIN = "application/json; charset=utf-8", "text/plain; version=0.0.4; charset=utf-8"
PATHS = ("/live", "/ready", "/metrics")


class HealthPortUnusable(ValueError):
    """The health server cannot listen where the configuration says."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.key = "health.port"
        super().__init__(f"health.port is {port}, and {host}:{port} {reason}; allowed: a free port, or 0 for any")


class HealthServer:
    """Serves a Health on a thread of its own until `stop`.

    port: 0 takes a free one; `port` then tells which. Raises HealthPortUnusable.
    """

    def __init__(self, health: Health, *, host: str = "127.0.0.1", port: int = 0, metrics: Metrics = METRICS) -> None:
        handler = type("Handler", (_Handler,), {"health": health, "metrics": metrics})
        try:
            self._server = _Server((host, port), handler)
        except (OSError, OverflowError) as error:
            raise HealthPortUnusable(host, port, _reason(error)) from None
        self.host, self.port = host, int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="health", daemon=True)

    def start(self) -> HealthServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port; harmless when not started or stopped already."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # Without HTTPServer's look-up of the host's full name, which may wait for a name server.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; the default prints a traceback."""


class _Handler(BaseHTTPRequestHandler):
    health: ClassVar[Health]
    metrics: ClassVar[Metrics]
    timeout = 5
    server_version, sys_version = "zhongtai", ""

    def do_GET(self) -> None:
        match self.path.split("?", 1)[0]:
            case "/live":
                self._report(self.health.live())
            case "/ready":
                self._report(self.health.ready())
            case "/metrics":
                self._send(200, PLAIN, self.metrics.render())
            case _:
                self._send(404, JSON, orjson.dumps({"error": "unknown path", "allowed": PATHS}))

    do_HEAD = do_GET

    def _report(self, report: Report) -> None:
        self._send(200 if report.ok else 503, JSON, orjson.dumps(report.to_dict()) + b"\n")

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Probes come every few seconds; they are no news."""


def _reason(error: Exception) -> str:
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return "is in use by another process"
        case errno.EACCES:
            return "may not be opened by this user"
        case errno.EADDRNOTAVAIL:
            return "is no address of this machine"
    return f"cannot be opened ({type(error).__name__})"
