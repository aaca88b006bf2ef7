"""The ways to a person, and what an address of each looks like."""
from __future__ import annotations

import re

from services.notification.domain.errors import AddressInvalid, ChannelNotBuilt, LineBreakInHeader

EMAIL, INBOX = "email", "inbox"
BUILT = (EMAIL, INBOX)
PLANNED = ("sms", "webhook")

LOCALES = ("zh-CN", "en")

# Narrower than RFC 5321 on purpose: no quoted local part, no address literal, ASCII only (no SMTPUTF8 yet).
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)
_LINE_BREAK = re.compile(r"[\r\n\v\f\x00\x85\u2028\u2029]")


def check_channel(channel: str) -> str:
    """Raises ChannelNotBuilt for a channel that is only planned."""
    if channel not in BUILT:
        raise ChannelNotBuilt(f"channel is {channel!r}, which is not built yet; allowed are {', '.join(BUILT)}")
    return channel


def check_email_address(address: str) -> str:
    """The address as given. Raises LineBreakInHeader or AddressInvalid; their messages do not repeat it."""
    check_header("address", address)
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise AddressInvalid("address is not an e-mail address; only the form name@domain.tld in ASCII is allowed")
    return address


def check_header(what: str, text: str) -> str:
    if _LINE_BREAK.search(text):
        raise LineBreakInHeader(f"{what} has a line break; a single line is allowed")
    return text


def mask_email_address(address: str) -> str:
    """`zhang.san@example.cn` → `z***@example.cn`."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def known_locale(locale: str) -> str:
    """The nearest of LOCALES: by language, Chinese when there is none."""
    return next((known for known in LOCALES if known[:2] == locale[:2].lower()), LOCALES[0])
