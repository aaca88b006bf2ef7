"""Whether an address is free to listen on, said before anything is started."""
from __future__ import annotations

import errno
import socket


class PortInUse(ValueError):
    """A server cannot listen where the configuration says. key: of the configuration."""

    def __init__(self, key: str, host: str, port: int, reason: str) -> None:
        ways = "`make run PORT=8080`, $ZHONGTAI_HTTP_PORT, or " if key == "http.port" else ""
        super().__init__(
            f"{key} is {port}, and {host}:{port} cannot be listened on: {reason}; a free port is allowed, as in "
            f"{ways}{key} of the configuration")
        self.key = key


def check_free(host: str, port: int, key: str = "http.port") -> None:
    """Raises PortInUse. uvicorn's own way out is sys.exit in the middle of things."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            hint = " (by this platform, if it is up already)" if error.errno == errno.EADDRINUSE else ""
            raise PortInUse(key, host, port, (error.strerror or "it cannot be bound") + hint) from None
        except (ValueError, TypeError):  # a NUL, a label that is too long
            raise PortInUse(key, host, port, "the host is no name and no address") from None
