"""A type of licence: who defined it, what is written on it, how long it lasts."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.elicence.domain.errors import ContentInvalid, LicenceTypeInvalid
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.dates import years_later
from shared_components.kernel.numbers import validate_credit_code

PUBLIC, PERSONAL, SENSITIVE = "public", "personal", "sensitive"
DATA_CLASSES = (PUBLIC, PERSONAL, SENSITIVE)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of the content. data_class: only public fields are shown to who merely knows the identifier."""

    name: str
    title: str = ""
    data_class: str = PERSONAL
    required: bool = False


@dataclass(frozen=True, slots=True)
class LicenceType:
    """validity_years: by version, the last one holding for all later ones; None is 长期. Empty: the issuer says.

    version: of this entry in the catalogue; each change makes a new one, and a licence keeps the one it was issued by.
    """

    tenant: str
    type_code: str
    name: str
    issuer_code: str
    issuer_name: str
    validity_years: tuple[int | None, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    version: int = 1

    def valid_until(self, valid_from: date, licence_version: int) -> date | None:
        """The last day, when the issuer does not say; None is 长期, and so is a term that ends after the year 9999."""
        if not self.validity_years:
            return None
        years = self.validity_years[min(licence_version, len(self.validity_years)) - 1]
        return None if years is None else years_later(valid_from, years)

    def check_content(self, content: Mapping[str, Any]) -> None:
        """Raises ContentInvalid. A type without fields takes any content."""
        if not self.fields:
            return
        known = {rule.name for rule in self.fields}
        wrong = {name: [Bilingual("unknown field", "未知字段")] for name in content if name not in known}
        wrong |= {
            rule.name: [Bilingual("is missing", "缺失")]
            for rule in self.fields if rule.required and content.get(rule.name) in (None, "")}
        if wrong:
            raise ContentInvalid(Bilingual(
                f"content does not fit licence type {self.type_code}; its fields are {', '.join(sorted(known))}",
                f"证照内容与证照类型 {self.type_code} 不符；该类型的字段为{listed_zh(sorted(known))}"),
                details={"fields": {f"content.{name}": problems for name, problems in wrong.items()}},
            )

    def public_fields(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.fields if rule.data_class == PUBLIC)

    def says_the_same_as(self, other: LicenceType) -> bool:
        return self == replace(other, version=self.version)


def define_type(
    tenant: str, type_code: str, name: str, issuer_code: str, issuer_name: str,
    *, validity_years: Sequence[int | None] = (), fields: Sequence[FieldRule] = (), lenient_codes: bool = False,
) -> LicenceType:
    """A first version of a type whose codes have been checked.

    lenient_codes: real bodies exist whose code breaks the standard; see `validate_credit_code`.
    """
    validate_credit_code(type_code[:18], lenient=lenient_codes)
    validate_credit_code(issuer_code, lenient=lenient_codes)
    names = [rule.name for rule in fields]
    twice = sorted({field for field in names if names.count(field) > 1})
    if twice:
        raise LicenceTypeInvalid(Bilingual(
            f"licence type {type_code} has fields {twice} twice; each name is allowed once",
            f"证照类型 {type_code} 的字段{listed_zh(twice)}重复；字段名不得重复"))
    return LicenceType(tenant, type_code, name, issuer_code, issuer_name, tuple(validity_years), tuple(fields))
