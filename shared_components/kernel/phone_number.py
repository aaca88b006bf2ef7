"""Phone numbers that can get a text message: one rule and one spelling for every place where one enters.

A mainland mobile number is judged here, by its shape: segments are opened faster than any list follows. Numbers of
other places are judged by the library phonenumbers.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput
from shared_components.kernel.numbers import mask_middle

LONGEST = 32
MAINLAND = "+86"
ALLOWED = Bilingual(
    "a mainland mobile number of 11 digits, or + with country code and number, at most 32 characters",
    "11 位大陆手机号，或以“+国家（地区）代码”开头的号码，不超过 32 个字符")
_SEPARATORS = re.compile(r"[ \-()\u00a0\u2010-\u2015]")
_MAINLAND = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_ABROAD = re.compile(r"\+[1-9][0-9]{5,14}")


class PhoneNumberInvalid(InvalidInput):
    """The number itself is never repeated: it is personal data."""

    code = "kernel.phone-number-invalid"
    texts = {"en": "The phone number is not valid.", "zh": "手机号码格式不正确。"}


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """e164: + with country code and number, the form to store and to send."""

    e164: str

    def __str__(self) -> str:
        return self.e164

    @property
    def is_mainland(self) -> bool:
        return self.e164.startswith(MAINLAND)

    @property
    def national(self) -> str:
        """A mainland number as its 11 digits; others as they are."""
        return self.e164[len(MAINLAND):] if self.is_mainland else self.e164


def parse_phone_number(text: str) -> PhoneNumber:
    """Raises PhoneNumberInvalid."""
    if len(text) > LONGEST:
        raise _invalid("is longer than 32 characters", "超过 32 个字符")
    plain = _SEPARATORS.sub("", text)
    if mainland := _MAINLAND.fullmatch(plain):
        return PhoneNumber(MAINLAND + mainland[1])
    if not _ABROAD.fullmatch(plain) or plain.startswith(MAINLAND):
        raise _invalid("is no number that gets text messages", "不是可接收短信的号码")
    return PhoneNumber(_abroad(plain))


def mask_phone_number(e164: str) -> str:
    """`+86138****0001`."""
    if e164.startswith(MAINLAND):
        return MAINLAND + mask_middle(e164[len(MAINLAND):], first=3, last=4)
    return mask_middle(e164, first=4, last=2)


def _abroad(plain: str) -> str:
    # Late: its tables take a while to load, and most numbers are the mainland's.
    import phonenumbers

    try:
        number = phonenumbers.parse(plain, None)
    except phonenumbers.NumberParseException:
        raise _invalid("is no number that gets text messages", "不是可接收短信的号码") from None
    if not phonenumbers.is_valid_number(number):
        raise _invalid("has no valid country code and number", "国家（地区）代码或号码无效")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _invalid(what: str, what_zh: str) -> PhoneNumberInvalid:
    return PhoneNumberInvalid(Bilingual(
        f"phone number {what}; allowed is {ALLOWED}", f"手机号码{what_zh}；应为{ALLOWED.zh}"))
