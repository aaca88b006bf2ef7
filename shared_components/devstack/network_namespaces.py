"""Networks of their own for processes, joined by a bridge: a link that is taken down is a cable that is pulled out."""
from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from shared_components.devstack.processes import ServerUnavailable


@dataclass(frozen=True)
class Namespace:
    """One network: its name, its address, and the end of its cable at the bridge."""

    name: str
    address: str
    cable: str


class Namespaces:
    """A bridge on this machine and `count` networks at it, 10.X.Y.2 and up; this machine is 10.X.Y.1."""

    def __init__(self, count: int) -> None:
        tag = secrets.token_hex(3)
        second, third = 64 + secrets.randbelow(64), secrets.randbelow(256)
        self._bridge, self._own = f"zt{tag}", f"10.{second}.{third}.1"
        self.all = [
            Namespace(f"zt{tag}-{number}", f"10.{second}.{third}.{number + 2}", f"zt{tag}c{number}")
            for number in range(count)]

    @staticmethod
    def refusal() -> str:
        """Why there can be none here; empty when there can."""
        if os.geteuid() != 0 or shutil.which("ip") is None:
            return "network namespaces need root and the command ip (Debian: iproute2)"
        name = f"zt-try-{secrets.token_hex(3)}"
        done = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
        if done.returncode:
            return f"this machine makes no network namespaces: {done.stderr.strip()}"
        subprocess.run(["ip", "netns", "delete", name], check=False)
        return ""

    def __enter__(self) -> Self:
        try:
            self._ip("link", "add", self._bridge, "type", "bridge")
            self._ip("address", "add", f"{self._own}/24", "dev", self._bridge)
            self._ip("link", "set", self._bridge, "up")
            for one in self.all:
                self._make(one)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def cut_off(self, number: int) -> None:
        """Pull the cable: nothing comes or goes, and nobody is told."""
        self._ip("link", "set", self.all[number].cable, "down")

    def join_again(self, number: int) -> None:
        self._ip("link", "set", self.all[number].cable, "up")

    def _make(self, one: Namespace) -> None:
        self._ip("netns", "add", one.name)
        self._ip("link", "add", one.cable, "type", "veth", "peer", "name", "eth0", "netns", one.name)
        self._ip("link", "set", one.cable, "master", self._bridge)
        self._ip("link", "set", one.cable, "up")
        inside = ("-n", one.name)
        self._ip(*inside, "address", "add", f"{one.address}/24", "dev", "eth0")
        self._ip(*inside, "link", "set", "eth0", "up")
        self._ip(*inside, "link", "set", "lo", "up")

    def _remove(self) -> None:
        for one in self.all:
            with suppress(ServerUnavailable):
                self._ip("netns", "delete", one.name)
            with suppress(ServerUnavailable):
                self._ip("link", "delete", one.cable)
        with suppress(ServerUnavailable):
            self._ip("link", "delete", self._bridge)

    @staticmethod
    def _ip(*arguments: str) -> None:
        done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerUnavailable(f"ip {' '.join(arguments)} failed: {done.stderr.strip()}")
