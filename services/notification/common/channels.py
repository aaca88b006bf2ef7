"""The ways to a person, and what an address of each looks like."""
from __future__ import annotations

from services.notification.common.errors import AddressInvalid, ChannelNotBuilt, ControlCharacter, LineBreakInHeader
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.email_address import EmailAddressInvalid, parse_email_address
from shared_components.kernel.phone_number import PhoneNumber, PhoneNumberInvalid, mask_phone_number, parse_phone_number
from shared_components.kernel.plain_text import first_control_character, has_line_break

EMAIL, INBOX, SMS = "email", "inbox", "sms"
BUILT = (EMAIL, INBOX, SMS)
PLANNED = ("webhook",)

LOCALES = ("zh-CN", "en")
NAMES_ZH = {"subject": "标题", "body": "正文", "address": "收件地址"}
"""The parts of a message in Chinese sentences."""


def check_channel(channel: str) -> str:
    """Raises ChannelNotBuilt for a channel that is only planned."""
    if channel not in BUILT:
        raise ChannelNotBuilt(Bilingual(
            f"channel is {channel!r}, which is not built yet; allowed are {', '.join(BUILT)}",
            f"渠道 {channel} 尚未开通；目前可用：{'、'.join(BUILT)}"))
    return channel


def check_email_address(address: str) -> str:
    """The address in its stored form. Raises LineBreakInHeader or AddressInvalid; their messages do not repeat it."""
    _refuse_line_break("address", address)
    try:
        return str(parse_email_address(address))
    except EmailAddressInvalid as error:
        raise AddressInvalid(error.text) from None


def check_phone_number(address: str) -> PhoneNumber:
    """Raises LineBreakInHeader or AddressInvalid; their messages do not repeat the number."""
    _refuse_line_break("address", address)
    try:
        return parse_phone_number(address)
    except PhoneNumberInvalid as error:
        raise AddressInvalid(error.text) from None


def check_line(what: str, text: str) -> str:
    """A text for a header. Raises LineBreakInHeader or ControlCharacter."""
    _refuse_line_break(what, text)
    return check_text(what, text)


def check_text(what: str, text: str) -> str:
    """Raises ControlCharacter for what no channel can show."""
    found = first_control_character(text)
    if found is not None:
        raise ControlCharacter(Bilingual(
            f"{what} has the control character {found}; of these only tab and line breaks are allowed",
            f"{NAMES_ZH[what]}含有控制字符 {found}；控制字符中只允许制表符和换行符"),
            details={"character": found},
        )
    return text


def _refuse_line_break(what: str, text: str) -> None:
    if has_line_break(text):
        raise LineBreakInHeader(Bilingual(
            f"{what} has a line break; a single line is allowed", f"{NAMES_ZH[what]}含有换行；只允许单行"))


def mask_email_address(address: str) -> str:
    """`zhang.san@example.cn` → `z***@example.cn`."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_address(channel: str, address: str) -> str:
    """The address as replies show it."""
    return mask_phone_number(address) if channel == SMS else mask_email_address(address)


def known_locale(locale: str) -> str:
    """The nearest of LOCALES by language, else Chinese."""
    return next((known for known in LOCALES if known[:2] == locale[:2].lower()), LOCALES[0])
