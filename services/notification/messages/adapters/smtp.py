"""E-mail by SMTP. What a server does not offer is not used: 8BITMIME, SMTPUTF8, SIZE, STARTTLS are asked for."""
from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from services.notification.messages.adapters.letters import Mail, write_mail
from services.notification.messages.adapters.smtp_connections import KeptConnections
from services.notification.messages.domain.mailer import Letter, NotSent
from services.notification.messages.domain.message import PERMANENT, TECHNICAL, TEMPORARY, Failure
from shared_components.kernel.email_address import parse_email_address
from shared_components.kernel.errors import AppError
from shared_components.kernel.time_limit import Deadline


class SmtpMailer:
    """Keeps connections for the next letters. settings: of NotificationSettings that begin with smtp_, and sender."""

    def __init__(self, settings: Mapping[str, Any], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._settings = settings
        self._sender = parse_email_address(settings["sender"])
        self._now = now
        self._kept = KeptConnections(settings)

    def send(self, letter: Letter) -> None:
        deadline = Deadline(self._settings["smtp_attempt_timeout_s"])
        with _told(deadline, of_server=True), self._kept.connected(deadline) as server, _told(
                deadline, of_server=False):
            self._hand_over(server, letter)

    def close(self) -> None:
        """End what is kept."""
        self._kept.close()

    def _hand_over(self, server: smtplib.SMTP, letter: Letter) -> None:
        mail = _written(lambda: write_mail(
            letter, sender=self._sender, at=self._now(), offers_8bitmime=server.has_extn("8bitmime")))
        options = _options(server, mail)
        try:
            server.sendmail(mail.sender, [mail.recipient], mail.content, options)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise NotSent(_answered(code)) from None  # the answer's words may hold the address
        except smtplib.SMTPSenderRefused as error:
            # our own address is not welcome: that is our fault, not the recipient's
            raise NotSent(_ours(error.smtp_code), provider_down=True) from None
        except smtplib.SMTPDataError as error:
            raise NotSent(_answered(error.smtp_code)) from None


def _written(write: Callable[[], Mail]) -> Mail:
    """A letter that cannot be written now can never be written."""
    try:
        return write()
    except (ValueError, AppError):
        raise NotSent(Failure(PERMANENT, "letter-not-written")) from None


def _options(server: smtplib.SMTP, mail: Mail) -> list[str]:
    """MAIL FROM's parameters; smtplib itself adds the size. Raises NotSent when the server cannot take the letter."""
    if mail.smtputf8 and not server.has_extn("smtputf8"):
        raise NotSent(Failure(PERMANENT, "smtputf8-not-offered"))
    limit = server.esmtp_features.get("size", "")
    if limit.isdecimal() and 0 < int(limit) < len(mail.content):
        raise NotSent(Failure(PERMANENT, "larger-than-server-takes"))
    # RFC 6531: with SMTPUTF8 the headers are 8-bit too, and such a server offers 8BITMIME.
    eight_bit = ["BODY=8BITMIME"] if mail.eight_bit or mail.smtputf8 else []
    return eight_bit + (["SMTPUTF8"] if mail.smtputf8 else [])


@contextmanager
def _told(deadline: Deadline, *, of_server: bool) -> Iterator[None]:
    """smtplib's errors as NotSent. of_server: before a letter was named, so the next letter would fail too."""
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise NotSent(Failure(TECHNICAL, "smtp-not-supported"), provider_down=of_server) from None
    except smtplib.SMTPResponseException as error:  # greeting, HELO, AUTH
        raise NotSent(_ours(error.smtp_code), provider_down=of_server) from None
    except (OSError, smtplib.SMTPException) as error:
        # smtplib says "disconnected" for a time-out, too; what it was stands in the context
        late = deadline.passed or isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
        failure = Failure(TEMPORARY, "smtp-timeout" if late else "smtp-unreachable")
        raise NotSent(failure, provider_down=of_server) from None


def _answered(code: int) -> Failure:
    """The server's word about this letter: 4xx comes again, 5xx never."""
    return Failure(PERMANENT if code >= 500 else TEMPORARY, f"smtp-{code}")


def _ours(code: int) -> Failure:
    """The server's word about us: worth another try, whatever the code, since a person can mend the settings."""
    return Failure(TEMPORARY, f"smtp-{code}")
