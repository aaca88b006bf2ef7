"""E-mail by SMTP."""
from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Any

from services.notification.domain.messages import PERMANENT, TECHNICAL, TEMPORARY, Failure
from services.notification.domain.ports import Letter, NotSent


class SmtpMailer:
    """One connection a letter. settings: those of NotificationSettings that begin with smtp_, and sender."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        try:
            with self._connect() as server:
                server.sendmail(self._settings["sender"], [letter.address], self._text(letter))
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise NotSent(_answered(code)) from None  # the answer's words may hold the address
        except smtplib.SMTPSenderRefused as error:
            # our own address is not welcome: that is our fault, not the recipient's
            raise NotSent(_ours(error.smtp_code), provider_down=True) from None
        except smtplib.SMTPDataError as error:
            raise NotSent(_answered(error.smtp_code)) from None
        except smtplib.SMTPResponseException as error:  # greeting, HELO, AUTH
            raise NotSent(_ours(error.smtp_code), provider_down=True) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent(Failure(TECHNICAL, "smtp-not-supported"), provider_down=True) from None
        except (OSError, smtplib.SMTPException) as error:
            # smtplib says "disconnected" for a time-out, too; what it was stands in the context
            late = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
            failure = Failure(TEMPORARY, "smtp-timeout" if late else "smtp-unreachable")
            raise NotSent(failure, provider_down=True) from None

    def _connect(self) -> smtplib.SMTP:
        chosen = self._settings
        security, where = chosen["smtp_security"], (chosen["smtp_host"], chosen["smtp_port"])
        # smtplib's own default context verifies no certificate
        context = None if security == "none" else ssl.create_default_context()
        if security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=chosen["smtp_timeout_s"], context=context)
        else:
            server = smtplib.SMTP(*where, timeout=chosen["smtp_timeout_s"])
        try:
            if security == "starttls":
                server.starttls(context=context)
            if chosen["smtp_user"]:
                server.login(chosen["smtp_user"], chosen["smtp_password"])
        except BaseException:
            server.close()
            raise
        return server

    def _text(self, letter: Letter) -> bytes:
        sender: str = self._settings["sender"]
        message = EmailMessage(policy=SMTP)  # it refuses line breaks in headers, too
        message["From"] = sender
        message["To"] = letter.address
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message.as_bytes()


def _answered(code: int) -> Failure:
    """The server's word about this letter: 4xx comes again, 5xx never."""
    return Failure(PERMANENT if code >= 500 else TEMPORARY, f"smtp-{code}")


def _ours(code: int) -> Failure:
    """The server's word about us: worth another try, whatever the code, since a person can mend the settings."""
    return Failure(TEMPORARY, f"smtp-{code}")
