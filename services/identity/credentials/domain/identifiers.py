"""Identifiers by which a person says whose account is meant: document number, mobile, e-mail address or username."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.identity.credentials.domain.errors import UsernameNotAllowed
from services.identity.subjects.domain.documents import DocumentRules
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.email_address import EmailAddressInvalid, parse_email_address
from shared_components.kernel.errors import AppError

USERNAME, MOBILE, EMAIL = "username", "mobile", "email"
LONGEST = 254
_MOBILE = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})|(\+[1-9][0-9]{6,14})")
_SEPARATORS = re.compile(r"[\s\-()]")
_USERNAME = re.compile(r"[a-z][a-z0-9_.\-]{3,31}")


@dataclass(frozen=True, slots=True)
class Meant:
    """Everything that an identifier may be: (kind or document type, value in its one spelling)."""

    contacts: Sequence[tuple[str, str]]
    documents: Sequence[tuple[str, str]]
    text: str


def meant_by(identifier: str, documents: DocumentRules, *, today: date) -> Meant:
    """Read an identifier in every way that fits. Never raises: an identifier that fits nothing leads to nobody."""
    text = identifier.strip()[:LONGEST]
    contacts = [(kind, value) for kind, value in (
        (MOBILE, mobile_of(text)), (EMAIL, email_of(text)), (USERNAME, _username_of(text))) if value is not None]
    return Meant(contacts, list(_documents_of(text, documents, today)), "".join(text.split()).casefold())


def mobile_of(text: str) -> str | None:
    """A mobile number in one spelling: 11 digits for the mainland, + for others; None for anything else."""
    found = _MOBILE.fullmatch(_SEPARATORS.sub("", text))
    return None if found is None else found[1] or found[2]


def email_of(text: str) -> str | None:
    """An e-mail address in the spelling for comparing: lower case throughout, since people write it either way."""
    if "@" not in text:
        return None
    try:
        return str(parse_email_address(text)).casefold()
    except EmailAddressInvalid:
        return None


def username(text: str) -> str:
    """A username in its one spelling. Raises UsernameNotAllowed."""
    found = _username_of(text)
    if found is None:
        raise UsernameNotAllowed(Bilingual(
            "a username has 4 to 32 characters: a letter first, then letters, digits, '_', '.' or '-'",
            "用户名为 4 至 32 个字符：首位为字母，其后可用字母、数字、“_”、“.”和“-”"))
    return found


def _username_of(text: str) -> str | None:
    folded = text.strip().lower()
    return folded if _USERNAME.fullmatch(folded) else None


def _documents_of(text: str, documents: DocumentRules, today: date) -> Sequence[tuple[str, str]]:
    found = []
    for id_type in documents.person_types():
        try:
            found.append((id_type, documents.person_number(id_type, text, today=today)))
        except AppError:
            continue
    return found
