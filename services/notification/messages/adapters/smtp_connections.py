"""Connections to a mail server that are kept for the next letter. One that was idle is asked before it is used."""
from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic
from typing import Any, Protocol

from shared_components.kernel.time_limit import CutOff, Deadline, within

MOST_KEPT, LONGEST_IDLE_S = 8, 20.0
"""Servers end connections that are idle for some minutes, and limit how many a client has."""


class _Limited(Protocol):
    """The attributes that _LimitedSmtp and _LimitedSmtps add to smtplib's classes.

    line: the connection as it was before TLS took it over.
    """

    deadline: Deadline
    line: socket.socket
    idle_since: float


def _connected(server: _Limited, host: str, port: int, timeout: float) -> socket.socket:
    limit_s = min(timeout, server.deadline.left_s())
    connection = within(limit_s, lambda: socket.create_connection((host, port), limit_s))
    connection.settimeout(timeout)
    server.line = connection.dup()
    return connection


class _LimitedSmtp(smtplib.SMTP):
    """Every wait ends at the deadline: until the greeting by a cut-off of its own, then by the caller's."""

    line: socket.socket
    idle_since = 0.0

    def __init__(self, deadline: Deadline, ending: ExitStack, host: str, port: int, timeout: float) -> None:
        self.deadline, self.ending = deadline, ending
        super().__init__(host, port, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = _connected(self, host, port, timeout)
        self.ending.enter_context(CutOff(self.line, self.deadline))
        return connection


class _LimitedSmtps(smtplib.SMTP_SSL):
    line: socket.socket
    idle_since = 0.0

    def __init__(
        self, deadline: Deadline, ending: ExitStack, host: str, port: int, timeout: float, context: ssl.SSLContext
    ) -> None:
        self.deadline, self.ending = deadline, ending
        super().__init__(host, port, timeout=timeout, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = _connected(self, host, port, timeout)
        self.ending.enter_context(CutOff(self.line, self.deadline))
        return self.context.wrap_socket(connection, server_hostname=host)


Server = _LimitedSmtp | _LimitedSmtps


class KeptConnections:
    """settings: those of NotificationSettings that begin with smtp_."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._idle: list[Server] = []

    @contextmanager
    def connected(self, deadline: Deadline) -> Iterator[smtplib.SMTP]:
        """A connection that is greeted and logged in; everything on it ends at the deadline.

        It is kept when the server still answers after the block, whether or not it took the letter.
        """
        with ExitStack() as ending:
            server = self._usable(deadline, ending) or self._new(deadline, ending)
            try:
                yield server
            except BaseException:
                if not self._answers(server):
                    _end(server)
                    raise
                self._keep(server)
                raise
            self._keep(server)

    def close(self) -> None:
        while self._idle:
            _quit(self._idle.pop())

    def _usable(self, deadline: Deadline, ending: ExitStack) -> Server | None:
        """The one used last that still answers."""
        while self._idle:
            server = self._idle.pop()
            if monotonic() - server.idle_since > LONGEST_IDLE_S:
                _quit(server)
                continue
            cut_off = ending.enter_context(ExitStack())
            cut_off.enter_context(CutOff(server.line, deadline))
            if self._answers(server):
                return server
            cut_off.close()
            _end(server)
        return None

    @staticmethod
    def _answers(server: smtplib.SMTP) -> bool:
        """Whether the server is ready for another letter."""
        if server.sock is None:  # smtplib closes it when a command gets no answer
            return False
        try:
            return server.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _keep(self, server: Server) -> None:
        if server.sock is None or len(self._idle) >= MOST_KEPT:
            _quit(server)
            return
        server.idle_since = monotonic()
        self._idle.append(server)

    def _new(self, deadline: Deadline, ending: ExitStack) -> Server:
        chosen = self._settings
        security, where = chosen["smtp_security"], (chosen["smtp_host"], chosen["smtp_port"])
        # smtplib's own default context verifies no certificate
        context = None if security == "none" else ssl.create_default_context()
        if security == "tls" and context is not None:
            server: Server = _LimitedSmtps(deadline, ending, *where, chosen["smtp_timeout_s"], context)
        else:
            server = _LimitedSmtp(deadline, ending, *where, chosen["smtp_timeout_s"])
        try:
            if security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if chosen["smtp_user"]:
                server.login(chosen["smtp_user"], chosen["smtp_password"])
        except BaseException:
            _end(server)
            raise
        return server


def _quit(server: Server) -> None:
    # What was sent is taken; a farewell that goes wrong must not have it sent again.
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    _end(server)


def _end(server: Server) -> None:
    server.close()
    server.line.close()
