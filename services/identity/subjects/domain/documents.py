"""Identity documents: which types there are, and their numbers in one spelling."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from services.identity.subjects.domain.errors import DocumentNumberInvalid, IdTypeUnknown
from services.identity.subjects.domain.number_checks import CHECKS, NO_CHECK
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.numbers import mask_middle, mask_resident_id, validate_credit_code, validate_resident_id
from shared_components.kernel.patterns import pattern_of

RESIDENT_ID, CREDIT_CODE = "111", "001"
PERSON, ORGANISATION = "person", "organisation"
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document of persons beside the resident identity card.

    pattern: RE2 of the whole number, after blanks are taken out and letters are capitals. check: a name of CHECKS.
    verbatim: an id that an outside provider gives (网号): taken as it is, letters and all.
    """

    pattern: str
    check: str = NO_CHECK
    verbatim: bool = False


@dataclass(frozen=True)
class DocumentRules:
    """other_types: further documents of persons, by their codes (`414` passport)."""

    other_types: Mapping[str, DocumentType] = field(default_factory=dict)
    lenient_credit_codes: bool = False

    def person_types(self) -> list[str]:
        return [RESIDENT_ID, *sorted(self.other_types)]

    def person_number(self, id_type: str, value: str, *, today: date) -> str:
        """The number in its one spelling. Raises NumberError, DocumentNumberInvalid or IdTypeUnknown."""
        text = "".join(value.split()).upper()
        if id_type == RESIDENT_ID:
            return validate_resident_id(text, today=today)
        kind = self.other_types.get(id_type)
        if kind is None:
            raise IdTypeUnknown(Bilingual(
                f"id type is '{id_type}'; a person is registered with one of {self.person_types()}",
                f"证件类型为“{id_type}”；自然人只能使用{listed_zh(self.person_types())}登记"))
        text = value.strip() if kind.verbatim else text
        if not pattern_of(kind.pattern).fullmatch(text):
            raise DocumentNumberInvalid(Bilingual(
                f"number of a document of type '{id_type}' does not fit {kind.pattern}",
                f"类型为“{id_type}”的证件号码不符合格式 {kind.pattern}"))
        if not CHECKS[kind.check](text):
            raise DocumentNumberInvalid(Bilingual(
                f"number of a document of type '{id_type}' has a wrong check character",
                f"类型为“{id_type}”的证件号码校验位错误"))
        return text

    def organisation_number(self, value: str) -> str:
        """The credit code in its one spelling. Raises NumberError."""
        return validate_credit_code("".join(value.split()).upper(), lenient=self.lenient_credit_codes)

    def number(self, id_type: str, value: str, *, today: date) -> str:
        """A number to look for, whatever kind of subject it belongs to."""
        if id_type == CREDIT_CODE:
            return self.organisation_number(value)
        return self.person_number(id_type, value, today=today)


def china_today(at: datetime) -> date:
    """The date in China, by which birth dates are judged."""
    return at.astimezone(CHINA).date()


def mask_number(id_type: str, number: str) -> str:
    """A person's number fit to be shown. A credit code is public and stays."""
    if id_type == CREDIT_CODE:
        return number
    return mask_resident_id(number) if id_type == RESIDENT_ID else mask_middle(number, first=2, last=2)
