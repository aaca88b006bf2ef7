"""E-mail addresses: one rule for every place where one enters.

The rule is that of the library email-validator, without DNS: no quoted local part, no address literal, a domain with a
dot that is no special-use name. Domains may be international; they travel in their ASCII form (IDNA). A local part that
is not ASCII is allowed too, and needs a mail server with SMTPUTF8.
"""
from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput

LONGEST = 254
ALLOWED = Bilingual(
    "name@domain.tld without blanks, quotes or control characters, at most 254 characters",
    "形如 name@domain.tld、不含空格、引号和控制字符、不超过 254 个字符的地址")


class EmailAddressInvalid(InvalidInput):
    """The address itself is never repeated: it is personal data."""

    code = "kernel.email-address-invalid"
    texts = {"en": "The e-mail address is not valid.", "zh": "电子邮箱地址格式不正确。"}


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """local: before the @; domain: as people read it, lower case; ascii_domain: the same in IDNA's ASCII form."""

    local: str
    domain: str
    ascii_domain: str

    def __str__(self) -> str:
        """The form to store and to show. Parsing it again gives the same address."""
        return f"{self.local}@{self.domain}"

    @property
    def wire(self) -> str:
        """The form for SMTP and for mail headers."""
        return f"{self.local}@{self.ascii_domain}"

    @property
    def needs_smtputf8(self) -> bool:
        return not self.local.isascii()


def parse_email_address(text: str) -> EmailAddress:
    """Raises EmailAddressInvalid."""
    if len(text) > LONGEST:
        raise _invalid("is longer than 254 characters", "超过 254 个字符")
    if "=?" in text:
        # RFC 5322 allows it, but much mail software reads `=?…?=` as an encoded word and would decode it.
        raise _invalid("has '=?', the beginning of an encoded word", "含有编码字开头“=?”")
    try:
        found = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        raise _invalid("is not an e-mail address", "不是电子邮箱地址") from None
    ascii_domain = found.ascii_domain or found.domain
    return EmailAddress(found.local_part, found.domain, ascii_domain)


def _invalid(what: str, what_zh: str) -> EmailAddressInvalid:
    return EmailAddressInvalid(Bilingual(
        f"address {what}; only {ALLOWED} is allowed", f"地址{what_zh}；只允许{ALLOWED.zh}"))
