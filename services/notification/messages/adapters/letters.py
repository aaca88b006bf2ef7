"""A letter as the bytes that go over the wire.

Python's e-mail library is not used: it decodes what looks like an encoded word in a text that it is given to encode
(seen in 3.11 to 3.13), so that a value could write headers of its own.
"""
from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from services.notification.messages.domain.mailer import Letter
from shared_components.kernel.email_address import EmailAddress, parse_email_address
from shared_components.kernel.plain_text import first_control_character, has_line_break

ENCODED_BYTES = 39
"""Bytes of UTF-8 in an encoded word, which then has 64 characters.

RFC 2047 allows 75, and 76 for a line with `Subject: `.
"""
LINE_BYTES = 998
"""RFC 5322's longest line, without its end."""
PLAIN_CHARACTERS = 66
"""A subject that is not encoded is not folded either: at most 76 characters with `Subject: `."""
_PLAIN = re.compile(r"[!-~]+( [!-~]+)*")
_END_OF_LINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Mail:
    """content: headers and body; eight_bit: whether the server has to take 8-bit bytes (BODY=8BITMIME)."""

    sender: str
    recipient: str
    content: bytes
    eight_bit: bool
    smtputf8: bool


def write_mail(letter: Letter, *, sender: EmailAddress, at: datetime, offers_8bitmime: bool) -> Mail:
    """Raises ValueError for a letter that cannot be written, EmailAddressInvalid for its address."""
    recipient = parse_email_address(letter.address)
    encoding, body = _body(letter.body, offers_8bitmime)
    headers = [
        f"From: {sender.wire}",
        f"To: {recipient.wire}",
        f"Subject: {subject_words(letter.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{_identifier(letter.message_id)}@{sender.ascii_domain}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    content = "\r\n".join([*headers, "", ""]).encode() + body
    smtputf8 = sender.needs_smtputf8 or recipient.needs_smtputf8
    return Mail(sender.wire, recipient.wire, content, encoding == "8bit", smtputf8)


def subject_words(text: str) -> str:
    """A header's text that every reader decodes to exactly this text, folded by RFC 2047.

    Short ASCII words stay as they are. Everything else is encoded as a whole, blanks included, since readers drop the
    white space between two encoded words.
    """
    if has_line_break(text) or first_control_character(text) is not None:
        raise ValueError("subject has a line break or a control character")
    if len(text) <= PLAIN_CHARACTERS and "=?" not in text and (_PLAIN.fullmatch(text) or not text):
        return text
    words = [base64.b64encode(piece).decode() for piece in _pieces(text)]
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _pieces(text: str) -> list[bytes]:
    """UTF-8 of at most ENCODED_BYTES a piece; no character is split, as RFC 2047 demands."""
    pieces, piece = [], b""
    for character in text:
        encoded = character.encode()
        if len(piece) + len(encoded) > ENCODED_BYTES:
            pieces.append(piece)
            piece = b""
        piece += encoded
    return [*pieces, piece]


def _body(text: str, offers_8bitmime: bool) -> tuple[str, bytes]:
    """(Content-Transfer-Encoding, bytes)"""
    content = _END_OF_LINE.sub("\r\n", text).encode()
    fits = b"\0" not in content and all(len(line) <= LINE_BYTES for line in content.split(b"\r\n"))
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    if fits and content.isascii():
        return "7bit", ended
    if fits and offers_8bitmime:
        return "8bit", ended
    return "base64", base64.encodebytes(content).replace(b"\n", b"\r\n")


def _identifier(message_id: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", message_id):
        raise ValueError("message id has characters that do not belong in a Message-ID")
    return message_id
