"""A TLS socket that one thread reads while others write."""
from __future__ import annotations

import selectors
import ssl
import threading
from collections.abc import Callable
from typing import Any

# After so long it is tried again: who waits for a descriptor that was closed hears nothing.
LONGEST_WAIT_S = 1.0


class TlsStream:
    """OpenSSL must not be read and written at the same time: only each try excludes the others, no wait does.

    Writers take turns among themselves: what was begun must be tried again before anything else is written.
    """

    def __init__(self, sock: Any) -> None:
        """sock: an `ssl.SSLSocket` after its handshake; from now on it does not block."""
        sock.setblocking(False)
        self._sock, self._guard = sock, threading.Lock()

    def recv(self, most: int) -> bytes:
        """b"" at the end. Raises OSError."""
        received: bytes = self._repeated(self._sock.recv, most)
        return received

    def sendall(self, data: bytes) -> None:
        """Raises OSError."""
        left = memoryview(data)
        while left:
            left = left[self._repeated(self._sock.send, left):]

    def _repeated(self, attempt: Callable[[Any], Any], argument: Any) -> Any:
        while True:
            try:
                with self._guard:
                    return attempt(argument)
            except ssl.SSLWantReadError:
                wanted = selectors.EVENT_READ
            except (ssl.SSLWantWriteError, BlockingIOError):
                wanted = selectors.EVENT_WRITE
            except ValueError as error:
                # What Python says of a TLS socket that another thread has shut down.
                raise OSError("the connection was closed") from error
            self._wait(wanted)

    def _wait(self, event: int) -> None:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._sock, event)
                selector.select(LONGEST_WAIT_S)
        except (ValueError, KeyError) as error:
            raise OSError("the connection was closed") from error
