"""A TCP proxy on loopback that does to a connection what networks do: delay, black hole, reset, half-close, cut off.

Its directions are `up` (from the client to the server) and `down`. What is set holds for the connections that there
are and for those that come; `heal` takes it back. What a black hole has swallowed stays lost: like a network, not like
a queue.
"""
from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

from shared_components.devstack.processes import LOOPBACK

Direction = Literal["up", "down"]
BOTH: tuple[Direction, ...] = ("up", "down")
CHUNK = 65536
TICK_S = 0.05


class Faults:
    """Faults of one direction. cut_after: bytes that it still passes before the connection is reset."""

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.black_hole = False
        self.cut_after: int | None = None


class Proxy:
    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self.faults: dict[Direction, Faults] = {"up": Faults(), "down": Faults()}
        self._pairs: list[_Pair] = []
        self._lock = threading.Lock()
        self._closed = False
        self.passed_bytes: dict[Direction, int] = {"up": 0, "down": 0}
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # faults

    def delay(self, seconds: float, *directions: Direction) -> None:
        """Every chunk waits so long."""
        for faults in self._chosen(directions):
            faults.delay_s = seconds

    def black_hole(self, *directions: Direction) -> None:
        """Bytes vanish; nobody is told. New connections are opened, and hear nothing either."""
        for faults in self._chosen(directions):
            faults.black_hole = True

    def cut_after(self, count: int, *directions: Direction) -> None:
        """Pass so many bytes more (of all connections together), then reset the connection that sends the next."""
        for faults in self._chosen(directions):
            faults.cut_after = count

    def reset(self) -> None:
        """Every connection ends with a TCP reset on both sides."""
        for pair in self._open_pairs():
            pair.reset()

    def half_close(self, direction: Direction) -> None:
        """The receiving side of that direction sees an end of file; the other direction goes on."""
        for pair in self._open_pairs():
            pair.half_close(direction)

    def heal(self, *, drop: bool = True) -> None:
        """No fault any more. drop: connections that have lost bytes are reset, since no TCP would go on with them."""
        for faults in self.faults.values():
            faults.__init__()  # type: ignore[misc]
        for pair in self._open_pairs():
            if drop and pair.lost:
                pair.reset()

    def _chosen(self, directions: tuple[Direction, ...]) -> list[Faults]:
        return [self.faults[direction] for direction in directions or BOTH]

    # connections

    @property
    def connections(self) -> int:
        return len(self._open_pairs())

    def _open_pairs(self) -> list[_Pair]:
        with self._lock:
            self._pairs = [pair for pair in self._pairs if not pair.closed]
            return list(self._pairs)

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((LOOPBACK, self._target_port), timeout=5)
                server.settimeout(None)
            except OSError:
                _abort(client)
                continue
            pair = _Pair(client, server)
            with self._lock:
                self._pairs.append(pair)
            for direction in BOTH:
                threading.Thread(target=pair.pump, args=(direction, self.faults[direction], self._count),
                                 daemon=True).start()  # fmt: skip

    def _count(self, direction: Direction, count: int) -> None:
        self.passed_bytes[direction] += count

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.reset()


class _Pair:
    """A client's connection and the one to the server that belongs to it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._ends: dict[Direction, tuple[socket.socket, socket.socket]] = {
            "up": (client, server), "down": (server, client)}
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.closed = self.lost = False
        self._ended: set[Direction] = set()

    def pump(self, direction: Direction, faults: Faults, count: Callable[[Direction, int], None]) -> None:
        source, sink = self._ends[direction]
        try:
            while chunk := source.recv(CHUNK):
                if faults.delay_s:
                    time.sleep(faults.delay_s)
                if faults.black_hole:
                    self.lost = True
                    continue
                chunk, cut = _allowed(chunk, faults)
                sink.sendall(chunk)
                count(direction, len(chunk))
                if cut:
                    self.reset()
                    return
            while faults.black_hole and not self.closed:
                # the end of the stream is swallowed as well
                self.lost = True
                time.sleep(TICK_S)
            self.half_close(direction)
        except OSError:
            self.reset()

    def half_close(self, direction: Direction) -> None:
        if self.closed:
            # a reset has woken this reader: its end is no end of file
            return
        with suppress(OSError):
            self._ends[direction][1].shutdown(socket.SHUT_WR)
        self._ended.add(direction)
        if len(self._ended) == len(BOTH):
            self.reset()

    def reset(self) -> None:
        if not self.closed:
            self.closed = True
            for end in self._ends["up"]:
                _abort(end)


def _allowed(chunk: bytes, faults: Faults) -> tuple[bytes, bool]:
    """Give the bytes that may pass, and whether the connection ends after them."""
    if faults.cut_after is None:
        return chunk, False
    passed = chunk[: faults.cut_after]
    faults.cut_after -= len(passed)
    return passed, len(passed) < len(chunk)


def _abort(end: socket.socket) -> None:
    """Close with a reset, and wake whoever reads from it."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # A thread that is in recv() keeps the descriptor in use: without SHUT_RD the reset would wait for it.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RD)
    with suppress(OSError):
        end.close()
