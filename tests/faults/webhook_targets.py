"""Webhooks to what must not be connected to, in a network where every connection is caught. Prints what it counted."""
from __future__ import annotations

import json
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from shared_components.kernel.time_limit import Deadline
from shared_components.webhooks.sender import HttpSender
from shared_components.webhooks.targets import Target, TargetPolicy
from tests.certificates import Authority
from tests.faults.caught_network import NameServer, Trap
from tests.unit.payment.webhooks.test_webhook_targets import NOT_PUBLIC, PUBLIC

DOMAIN = "attack.example"
INSIDE = [address for address in NOT_PUBLIC if "%" not in address]
"""A scope such as %eth0 is in no answer of a name server."""
LITERALS = (
    "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/",
    "https://169.254.169.254/", "https://10.0.0.1/", "https://[fd00::1]/", "https://2130706433/", "https://0x7f.1/",
    "https://127.1/", "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", f"http://private-0.{DOMAIN}/",
)  # fmt: skip
REDIRECTS = {status: f"to-{status}.{DOMAIN}" for status in (301, 302, 303, 307, 308)}
REBINDING, TURNS = f"turning.{DOMAIN}", [[PUBLIC], ["127.0.0.1"]]
REACHED = "redirects", "names that change"
"""Kinds whose endpoint is public, and is connected to."""
SETTLE_S = 0.1


@dataclass(frozen=True)
class Kind:
    """URLs of one kind, and the wall that is taken away to see that they would arrive inside."""

    urls: Sequence[str]
    off: Callable[[], AbstractContextManager[None]]
    turns: Mapping[str, Sequence[Sequence[str]]]
    allowed: Sequence[str] = (f"*.{DOMAIN}",)


@contextmanager
def walls_off() -> Iterator[None]:
    """Believe every URL and every address."""
    with (
        patch.object(TargetPolicy, "allows", lambda *_: True),
        patch.object(TargetPolicy, "target", lambda policy, url: policy._read(url)),
    ):
        yield


@contextmanager
def judged_and_resolved_again() -> Iterator[None]:
    """As a sender does that looks at a host's addresses and then connects to the host."""
    judge = HttpSender._address

    def address(sender: HttpSender, target: Target, deadline: Deadline) -> str:
        judge(sender, target, deadline)
        return target.host

    with patch.object(HttpSender, "_address", address):
        yield


@contextmanager
def redirects_followed() -> Iterator[None]:
    """As a sender does that leaves it to its HTTP client."""

    def exchange(sender: HttpSender, target: Target, headers: Mapping[str, str], body: bytes, _: Deadline) -> int:
        with httpx.Client(verify=sender._tls, follow_redirects=True, trust_env=False, timeout=3) as client:
            url = f"https://{target.host}{target.path}"
            try:
                return client.post(url, headers=dict(headers), content=body).status_code
            except httpx.HTTPError:
                raise ConnectionError from None

    with patch.object(HttpSender, "_exchange", exchange):
        yield


def kinds() -> dict[str, Kind]:
    private = {f"private-{number}.{DOMAIN}": [[address]] for number, address in enumerate(INSIDE)}
    beside = {f"beside-{number}.{DOMAIN}": [[address, PUBLIC]] for number, address in enumerate(INSIDE)}
    redirecting = {host: [[PUBLIC]] for host in REDIRECTS.values()}
    return {
        "names of addresses inside": Kind(_urls(private), walls_off, private),
        "names of a public address and one inside": Kind(_urls(beside), walls_off, beside),
        "addresses in the URL": Kind(LITERALS, walls_off, {}),
        "addresses on the allow-list": Kind(
            LITERALS, walls_off, {}, ("127.0.0.1", "169.254.169.254", "10.0.0.1", "2130706433", "127.1")),
        REACHED[0]: Kind(_urls(redirecting), redirects_followed, redirecting),
        REACHED[1]: Kind([f"https://{REBINDING}/"] * 2, judged_and_resolved_again, {REBINDING: TURNS}),
    }


def _urls(names: Mapping[str, Any]) -> list[str]:
    return [f"https://{name}/hook" for name in names]


def answer_to(host: str) -> bytes:
    """Redirect where the host is one that does; take what comes otherwise."""
    status = next((status for status, name in REDIRECTS.items() if name == host), 0)
    if not status:
        return b"HTTP/1.1 204 Taken\r\nConnection: close\r\n\r\n"
    inside = "https://169.254.169.254/" if status in (301, 307) else "http://127.0.0.1/"
    return (f"HTTP/1.1 {status} Elsewhere\r\nLocation: {inside}\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n").encode()


def _tried(kind: Kind, trap: Trap, ca_file: str) -> dict[str, Any]:
    """Send to each URL; counts connections to the public address and to all others."""
    before = len(trap.connections)
    sender = HttpSender(TargetPolicy(kind.allowed), timeout_s=3, ca_file=ca_file)
    results = [sender.send(url, {}, b"{}").failure or "taken" for url in kind.urls]
    time.sleep(SETTLE_S)
    made = trap.connections[before:]
    inside = [address for address in made if address != PUBLIC]
    return {"tried": len(kind.urls), "inside": inside, "public": len(made) - len(inside),
            "failures": {one: results.count(one) for one in sorted(set(results))}}  # fmt: skip


def main(folder: Path) -> None:
    authority = Authority(folder)
    files = authority.issue(f"*.{DOMAIN}", "127.0.0.1", "169.254.169.254", "10.0.0.1", "::1")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(files["tls_certificate_file"], files["tls_key_file"])
    trap = Trap(tls, answer_to)
    trap.start()
    names = NameServer({})
    names.start()
    found: dict[str, dict[str, Any]] = {}
    for name, kind in kinds().items():
        found[name] = {}
        for walls, off in (("up", nullcontext), ("off", kind.off)):
            names.zone, names.asked = kind.turns, {}
            with off():
                found[name][walls] = _tried(kind, trap, str(authority.path))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
