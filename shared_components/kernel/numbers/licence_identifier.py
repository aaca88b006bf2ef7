"""Electronic licence identifiers, GB/T 36904.

`1.2.156.3005.2.{type}.{issuer}.{serial}.{version}.{check}`: type is the 18-character code of the body that defined it
and 3 more, version 3 digits, the serial's length varies. The check is ISO 7064 MOD 37,36 over type, issuer, serial and
version, without the root and the dots.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import NumberError, require_check, require_form
from shared_components.kernel.numbers.credit_code import validate_credit_code

ROOT = "1.2.156.3005.2"
MAX_VERSION = 999
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The algorithm begins with 36; its state here is the one before doubling.
_BEGIN = 18
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}

_NUMBER = "licence identifier"
_TYPE = re.compile(r"[0-9A-Z]{21}")
# Published identifiers carry a division code where the standard asks for the issuer's credit code.
_ISSUER = re.compile(r"[0-9A-Z]{18}|[0-9]{6}")
_SERIAL = re.compile(r"[0-9A-Z]{1,32}")
_TEXT = re.compile(
    re.escape(ROOT)
    + rf"\.(?P<type>{_TYPE.pattern})\.(?P<issuer>{_ISSUER.pattern})\.(?P<serial>{_SERIAL.pattern})"
    + r"\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])"
)


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """version: 1 to 999; grows by one with each renewal or change of the same licence."""

    type_code: str
    issuer: str
    serial: str
    version: int = 1

    def __post_init__(self) -> None:
        require_form(self.type_code, _TYPE, number="licence type code", allowed=Bilingual(
            "21 digits and capitals", " 21 位数字或大写字母"))
        require_form(self.issuer, _ISSUER, number="licence issuer", allowed=Bilingual(
            "an 18-character code (or 6 digits)", " 18 位代码（或 6 位数字）"))
        require_form(self.serial, _SERIAL, number="licence serial", allowed=Bilingual(
            "1 to 32 digits and capitals", " 1 至 32 位数字或大写字母"))
        if not 1 <= self.version <= MAX_VERSION:
            raise NumberError(Bilingual(
                f"licence version is {self.version}; only 1 to {MAX_VERSION} is allowed",
                f"证照版本号为 {self.version}；只允许 1 至 {MAX_VERSION}"), number=_NUMBER, reason="version")

    @property
    def check(self) -> str:
        # Licences of one type and issuer share the first two thirds of what is checked.
        behind = _checked_behind(f"{self.serial}{self.version:03d}", _checked(f"{self.type_code}{self.issuer}"))
        return _ALPHABET[(1 - behind * 2 % 37) % 36]

    @property
    def text(self) -> str:
        return f"{ROOT}.{self.type_code}.{self.issuer}.{self.serial}.{self.version:03d}.{self.check}"

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: object) -> LicenceIdentifier:
        """Raises NumberError with reason not-text, form, version or check."""
        found = _match(text)
        identifier = _from_match(found)
        require_check(identifier.check == found["check"], number=_NUMBER)
        return identifier

    def with_next_version(self) -> LicenceIdentifier:
        return replace(self, version=self.version + 1)

    def problems(self) -> tuple[str, ...]:
        """Give the parts that break the standard, as constants: type-code, issuer-division, issuer-code."""
        found = []
        if not _is_credit_code(self.type_code[:18]):
            found.append("type-code")
        if len(self.issuer) == 6:
            found.append("issuer-division")
        elif not _is_credit_code(self.issuer):
            found.append("issuer-code")
        return tuple(found)


def lint_licence_identifier(text: object) -> tuple[str, ...]:
    """Everything wrong with an identifier that somebody else issued; empty when it is clean.

    form stands alone; check, version, type-code, issuer-division and issuer-code may come together.
    """
    try:
        found = _match(text)
        identifier = _from_match(found)
    except NumberError as error:
        return (error.reason,)
    check = () if identifier.check == found["check"] else ("check",)
    return check + identifier.problems()


@lru_cache(maxsize=1024)
def _checked(text: str) -> int:
    return _checked_behind(text, _BEGIN)


def _checked_behind(text: str, state: int) -> int:
    """The state of ISO 7064 MOD 37,36 behind a text, from 1 to 36."""
    for character in text:
        state = (state * 2 % 37 + _VALUES[character]) % 36 or 36
    return state


def _match(text: object) -> re.Match[str]:
    allowed = Bilingual(
        f"{ROOT}.type(21).issuer(18).serial.version(3).check(1)",
        f" {ROOT}.类型代码(21).颁发机构(18).流水号.版本号(3).校验位(1)")
    found = _TEXT.fullmatch(require_form(text, _TEXT, number=_NUMBER, allowed=allowed))
    return cast("re.Match[str]", found)  # require_form has matched it


def _from_match(found: re.Match[str]) -> LicenceIdentifier:
    return LicenceIdentifier(found["type"], found["issuer"], found["serial"], int(found["version"]))


def _is_credit_code(value: str) -> bool:
    try:
        validate_credit_code(value)
    except NumberError:
        return False
    return True
