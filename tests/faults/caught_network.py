"""A network without ways out, in which every address is this machine's: whatever is connected to lands in one trap.

A network namespace routes all of IPv4 and IPv6 to itself, and names are answered by a name server here. So a connection
to a private address, to another machine's link-local one or to a public one is made indeed, and is counted.
"""
from __future__ import annotations

import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import h11

from tests.faults.workers import ROOT

A, AAAA = 1, 28
DNS_PORT, HTTP_PORT, HTTPS_PORT = 53, 80, 443
LIMIT_S = 120
_SET_UP = (
    'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo'
    ' && mount --bind "$0" /etc/resolv.conf && exec "$@"')


class NoSuchNetwork(RuntimeError):
    """This machine makes no network namespaces; the text says why."""


def run_inside(module: str, folder: Path) -> bytes:
    """Run a module in such a network, with the folder as its argument; gives what it prints. Raises NoSuchNetwork."""
    names = folder / "resolv.conf"
    names.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    alone = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--net", "--mount"]
    begin = [*alone, "sh", "-c", _SET_UP, str(names)]
    if any(shutil.which(command) is None for command in ("unshare", "ip")):
        raise NoSuchNetwork("it needs the commands unshare and ip (Debian: util-linux, iproute2)")
    tried = subprocess.run([*begin, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise NoSuchNetwork(f"this machine makes no network namespaces: {tried.stderr.strip()}")
    command = [*begin, sys.executable, "-m", module, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LIMIT_S, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-1500:]}")
    return done.stdout


@dataclass
class NameServer:
    """zone: name → its answers in turn, each a list of addresses; the last one stays."""

    zone: Mapping[str, Sequence[Sequence[str]]]
    asked: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", DNS_PORT))
        threading.Thread(target=self._serve, args=(server,), daemon=True).start()

    def _serve(self, server: socket.socket) -> None:
        while True:
            question, client = server.recvfrom(4096)
            server.sendto(self._answer(question), client)

    def _answer(self, message: bytes) -> bytes:
        labels, at = [], 12
        while length := message[at]:
            labels.append(message[at + 1:at + 1 + length].decode())
            at += 1 + length
        kind = struct.unpack_from("!H", message, at + 1)[0]
        name = ".".join(labels).lower()
        records = [_record(kind, address) for address in self._addresses(name, kind)]
        flags = 0x8180 if name in self.zone else 0x8183
        header = message[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
        return header + message[12:at + 5] + b"".join(records)

    def _addresses(self, name: str, kind: int) -> list[str]:
        answers = self.zone.get(name, [[]])
        turn = self.asked.get(name, 0)
        if kind == A:
            self.asked[name] = turn + 1
        found = answers[min(turn, len(answers) - 1)]
        return [address for address in found if isinstance(ip_address(address), IPv4Address) == (kind == A)]


def _record(kind: int, address: str) -> bytes:
    data = ip_address(address).packed
    return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(data)) + data


@dataclass
class Trap:
    """Takes every connection to ports 80 and 443 of any address. answer: host of the request → the whole answer."""

    tls: ssl.SSLContext
    answer: Callable[[str], bytes]
    connections: list[str] = field(default_factory=list)

    def start(self) -> None:
        for port in (HTTP_PORT, HTTPS_PORT):
            listening = socket.create_server(("::", port), family=socket.AF_INET6, backlog=64, dualstack_ipv6=True)
            threading.Thread(target=self._accept, args=(listening, port), daemon=True).start()

    def _accept(self, listening: socket.socket, port: int) -> None:
        while True:
            connection, _ = listening.accept()
            address = ip_address(connection.getsockname()[0])
            self.connections.append(str(getattr(address, "ipv4_mapped", None) or address))
            threading.Thread(target=self._serve, args=(connection, port), daemon=True).start()

    def _serve(self, plain: socket.socket, port: int) -> None:
        plain.settimeout(5)
        try:
            with self.tls.wrap_socket(plain, server_side=True) if port == HTTPS_PORT else plain as connection:
                connection.sendall(self.answer(_host_of(connection)))
        except (OSError, h11.RemoteProtocolError):
            pass  # whoever connected does not trust the certificate, or has hung up: it is counted


def _host_of(connection: socket.socket) -> str:
    """Read a request to its end; what is closed unread is reset, and its answer lost."""
    request = h11.Connection(h11.SERVER)
    host = ""
    while not isinstance(event := request.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            request.receive_data(connection.recv(8192))
        elif isinstance(event, h11.Request):
            host = next((value.decode() for name, value in event.headers if name == b"host"), "")
        elif isinstance(event, h11.ConnectionClosed):
            break
    return host
