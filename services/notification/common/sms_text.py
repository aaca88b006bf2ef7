"""Sizes of text messages: what counts as a character, and how many parts a text is sent and paid as.

Source: 3GPP TS 23.038 (the GSM 7-bit alphabet) and 23.040 (parts); the mainland's carriers count every character as 1.
"""
from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from services.notification.common.errors import TextMessageTooLong
from shared_components.kernel.bilingual import Bilingual

MAINLAND, GSM7, UCS2 = "mainland", "gsm7", "ucs2"
# Characters of a message in one part, and of each part of a longer one: those of a part say which it is.
PART_SIZES = {MAINLAND: (70, 67), GSM7: (160, 153), UCS2: (70, 67)}
LONGEST_MAINLAND = 500
MOST_PARTS_ABROAD = 10
_GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà")
_GSM7_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters that take an escape before them, and so count as two."""
_BRACKETS = str.maketrans("【】", "[]")


@dataclass(frozen=True, slots=True)
class SmsSize:
    """characters: as the coding counts them, with the signature. coding: mainland, gsm7 or ucs2. parts: 1 and up."""

    coding: str
    characters: int
    parts: int


def signed(signature: str, body: str) -> str:
    """The text that a mainland recipient reads. signature: the registered name without brackets; "" for none."""
    return f"【{signature}】{body}" if signature else body


def harmless(value: str) -> str:
    """A value for a placeholder: 【】 mark the sender's signature, and no value may pretend to another."""
    return value.translate(_BRACKETS)


def measure(text: str, *, mainland: bool) -> SmsSize:
    """text: as the recipient reads it, with its signature."""
    if mainland:
        return _size(MAINLAND, len(text))
    extended = sum(character in _GSM7_EXTENDED for character in text)
    if all(character in _GSM7_BASIC or character in _GSM7_EXTENDED for character in text):
        return _size(GSM7, len(text) + extended)
    return _size(UCS2, len(text.encode("utf-16-le")) // 2)


def check_size(text: str, *, mainland: bool) -> SmsSize:
    """The size. Raises TextMessageTooLong."""
    size = measure(text, mainland=mainland)
    if mainland and size.characters > LONGEST_MAINLAND:
        raise TextMessageTooLong(
            Bilingual(
                f"text message has {size.characters} characters with its signature; at most {LONGEST_MAINLAND} are "
                "allowed",
                f"短信连同签名共 {size.characters} 字；最多 {LONGEST_MAINLAND} 字"),
            details={"characters": size.characters, "limit": LONGEST_MAINLAND})
    if size.parts > MOST_PARTS_ABROAD:
        raise TextMessageTooLong(
            Bilingual(
                f"text message has {size.parts} parts; at most {MOST_PARTS_ABROAD} are allowed",
                f"短信拆分为 {size.parts} 条；最多 {MOST_PARTS_ABROAD} 条"),
            details={"parts": size.parts, "limit": MOST_PARTS_ABROAD})
    return size


def _size(coding: str, characters: int) -> SmsSize:
    whole, part = PART_SIZES[coding]
    return SmsSize(coding, characters, 1 if characters <= whole else ceil(characters / part))
