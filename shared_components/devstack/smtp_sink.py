"""A mail server that delivers to nobody: one .eml file a message, for tests and the demo.

`python -m shared_components.devstack.smtp_sink --port 0 --folder DIR` listens on loopback, prints one line of JSON with
its port, and ends on SIGTERM, on SIGINT and when the process that started it ends. Recipients that simulate:
`temporary-failure@…` is answered with 451, `permanent-failure@…` with 550, `content-refused@…` with 554 after the text,
`busy-once@…` with 451 the first time and 250 from then on.

`--without 8BITMIME,SIZE` leaves extensions out of what EHLO offers, `--with SMTPUTF8` adds that one. What MAIL FROM was
given stands beside each letter in 000001.json.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
REFUSED = {
    "temporary-failure": "451 4.3.0 simulated temporary failure",
    "permanent-failure": "550 5.1.1 simulated unknown mailbox",
}
CONTENT_REFUSED = "content-refused"
BUSY_ONCE = "busy-once"


class Sink:
    """aiosmtpd's handler: writes what it accepts, in order, as 000001.eml, 000002.eml, …"""

    def __init__(self, folder: Path, without: Sequence[str] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._without = tuple(without)
        self._count = len(list(folder.glob("*.eml")))
        self._asked: set[str] = set()

    async def handle_EHLO(  # noqa: N802, RUF100
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if line[4:].partition(" ")[0].upper() not in self._without]

    async def handle_RCPT(  # noqa: N802, RUF100 -- the name is aiosmtpd's
        self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local in REFUSED:
            return REFUSED[local]
        if local == BUSY_ONCE and address not in self._asked:
            self._asked.add(address)
            return REFUSED["temporary-failure"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, RUF100
        if any(address.partition("@")[0] == CONTENT_REFUSED for address in envelope.rcpt_tos):
            return "554 5.7.1 simulated refusal of the content"
        self._count += 1
        path = self._folder / f"{self._count:06}.eml"
        told = {"from": envelope.mail_from, "options": envelope.mail_options, "to": envelope.rcpt_tos}
        path.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
        # Whole or not at all: whoever watches the folder for *.eml never reads half a message.
        part = path.with_suffix(".part")
        part.write_bytes(envelope.content)
        part.rename(path)
        return "250 OK"


async def serve(port: int, folder: Path, *, without: Sequence[str] = (), smtputf8: bool = False) -> None:
    """Listen until SIGTERM, SIGINT or the end of the parent process."""
    from aiosmtpd.smtp import SMTP

    sink, loop, ended = Sink(folder, without), asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="smtp-sink", loop=loop, enable_SMTPUTF8=smtputf8), LOOPBACK, port)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    parent = os.getppid()
    while not ended.is_set() and os.getppid() == parent:
        try:
            await asyncio.wait_for(ended.wait(), timeout=0.5)
        except TimeoutError:
            continue
    server.close()


@dataclass(frozen=True)
class RunningSink:
    host: str
    port: int
    folder: Path

    def letters(self) -> list[EmailMessage]:
        """Give the mails that have arrived, oldest first."""
        return [message_from_bytes(content, policy=default) for content in self.contents()]

    def contents(self) -> list[bytes]:
        """The same as the bytes that came."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]

    def envelopes(self) -> list[dict[str, Any]]:
        """from, options and to, as the SMTP commands gave them."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.folder.glob("*.json"))]


@contextmanager
def running_sink(
    folder: Path, port: int = 0, *, without: Sequence[str] = (), smtputf8: bool = False
) -> Iterator[RunningSink]:
    """A sink in a process of its own, ended with the block."""
    command = [
        sys.executable, "-m", __name__, "--port", str(port), "--folder", str(folder), "--without", ",".join(without),
        *(["--with", "SMTPUTF8"] if smtputf8 else []),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"SMTP sink on port {port} ended while starting; the port may be in use")
        yield RunningSink(LOOPBACK, json.loads(line)["port"], folder)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def main() -> int:
    parser = argparse.ArgumentParser(description="A mail server that delivers to nobody.")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--folder", type=Path, required=True, help="where the .eml files go")
    parser.add_argument("--without", default="", help="extensions that EHLO does not offer, with commas")
    parser.add_argument("--with", dest="more", choices=["SMTPUTF8"], help="an extension that EHLO offers too")
    chosen = parser.parse_args()
    without = [name.upper() for name in chosen.without.split(",") if name]
    try:
        asyncio.run(serve(chosen.port, chosen.folder, without=without, smtputf8=chosen.more is not None))
    except OSError as error:
        sys.stderr.write(f"SMTP sink cannot start on port {chosen.port}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
