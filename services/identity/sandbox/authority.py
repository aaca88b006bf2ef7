"""The sandbox authority: confirms what matches its population, refuses all else, always the same way."""
from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping

from services.identity.credentials.domain.ports import Guardianship
from services.identity.mandates.domain.errors import RepresentationRefused
from services.identity.mandates.domain.ports import Representation
from services.identity.sandbox.city import city
from services.identity.sandbox.people import Company, Person
from services.identity.sandbox.population import ORGANISATIONS, PERSONS, REPRESENTATIVES
from services.identity.subjects.domain.documents import CREDIT_CODE, RESIDENT_ID
from services.identity.subjects.domain.errors import EvidenceRefused
from services.identity.subjects.domain.levels import CERTIFICATE, COUNTER_CHECK, PROOF_OF_PRESENCE
from services.identity.subjects.domain.ports import Claim, Confirmation
from shared_components.kernel.bilingual import Bilingual

NAME = "sandbox"
TOKEN_FIELDS = {PROOF_OF_PRESENCE: "presence_token", CERTIFICATE: "certificate_token", COUNTER_CHECK: "counter_token"}
PRESENT, ABSENT, CERTIFIED, SEEN = "sandbox-present", "sandbox-absent", "sandbox-certificate", "sandbox-counter"
_EXPECTED = {PROOF_OF_PRESENCE: PRESENT, CERTIFICATE: CERTIFIED, COUNTER_CHECK: SEEN}
_NAMED: Mapping[str, Mapping[str, str]] = {RESIDENT_ID: PERSONS, CREDIT_CODE: ORGANISATIONS}


class SandboxAuthority:
    """An Authority for development and demonstration.

    `name-number-match` needs nothing more. `proof-of-presence` needs data.presence_token `sandbox-present`
    (`sandbox-absent` is a face that does not match), `certificate` data.certificate_token `sandbox-certificate`,
    `counter-check` data.counter_token `sandbox-counter`.
    """

    def confirm(self, claim: Claim, *, key: str) -> Confirmation:
        """Raises EvidenceRefused. Every kind checks name and number first."""
        if _NAMED.get(claim.id_type, {}).get(claim.id_number) != claim.name:
            _check_in_city(claim)
        self._check_token(claim)
        digest = hashlib.sha256(f"{claim.kind}/{key}".encode()).hexdigest()
        return Confirmation(NAME, f"SBX-{digest[:24]}")

    def confirm_representative(self, asked: Representation, *, key: str) -> Confirmation:
        """Raises RepresentationRefused. Knows those of its companies, and of a few named organisations."""
        if _organisation_name(asked.credit_code) != asked.organisation:
            raise _not_represented("no-match", Bilingual(
                "name and credit code together are not in the register", "名称与统一社会信用代码在登记库中不匹配"))
        number = _representative(asked.credit_code)
        if (asked.id_type, asked.id_number, asked.name) != (RESIDENT_ID, number, _name_of(number)):
            raise _not_represented("not-representative", Bilingual(
                "the person is not the legal representative in the register", "该人员不是登记的法定代表人"))
        digest = hashlib.sha256(f"representative/{key}".encode()).hexdigest()
        return Confirmation(NAME, f"SBX-{digest[:24]}")

    def confirm_guardian(self, asked: Guardianship, *, key: str) -> tuple[str, str]:
        """Raises EvidenceRefused for who is not a guardian of the child in the generated city."""
        child = _people_of_city().get(asked.child_number)
        if child is None or child.name != asked.child_name or asked.guardian_number not in child.guardians:
            raise _refusal("no-match", Bilingual(
                "the person is not registered as a guardian of the child", "该人员不是登记在册的监护人"))
        digest = hashlib.sha256(f"guardian/{key}/{asked.child_number}".encode()).hexdigest()
        return NAME, f"SBX-{digest[:24]}"

    @staticmethod
    def _check_token(claim: Claim) -> None:
        field = TOKEN_FIELDS.get(claim.kind)
        if field is None:
            return
        token = claim.proof.get(field)
        if token is None:
            raise _refusal("token-missing", Bilingual(
                f"data.{field} is missing; evidence '{claim.kind}' needs it",
                f"缺少 data.{field}；核验方式“{claim.kind}”必须提供"))
        if token == ABSENT:
            raise _refusal("not-present", Bilingual(
                "the face is not that of the document's holder", "人脸与证件持有人不一致"))
        if token != _EXPECTED[claim.kind]:
            raise _refusal("token-wrong", Bilingual(
                f"data.{field} is not one that the sandbox knows", f"沙箱不识别该 data.{field}"))


@functools.cache
def _people_of_city() -> Mapping[str, Person]:
    return {person.number: person for person in city().persons}


@functools.cache
def _companies_of_city() -> Mapping[str, Company]:
    return {company.credit_code: company for company in city().companies}


def _organisation_name(code: str) -> str | None:
    company = _companies_of_city().get(code)
    return ORGANISATIONS.get(code) if company is None else company.name


def _representative(code: str) -> str | None:
    company = _companies_of_city().get(code)
    return REPRESENTATIVES.get(code) if company is None else company.representative


def _name_of(number: str | None) -> str | None:
    person = None if number is None else _people_of_city().get(number)
    return PERSONS.get(number or "") if person is None else person.name


def _not_represented(reason: str, what: Bilingual) -> RepresentationRefused:
    return RepresentationRefused(Bilingual(
        f"the sandbox register refused: {what}", f"沙箱登记机关拒绝：{what.zh}"),
        details={"authority": NAME, "reason": reason})


def _check_in_city(claim: Claim) -> None:
    """Raises EvidenceRefused for who is not in the generated city, dead or frozen."""
    person = _people_of_city().get(claim.id_number) if claim.id_type == RESIDENT_ID else None
    name = person.name if person else (
        _organisation_name(claim.id_number) if claim.id_type == CREDIT_CODE else None)
    if name != claim.name:
        raise _refusal("no-match", Bilingual(
            "name and number together are not in the population", "姓名与号码在人口库中不匹配"))
    if person is not None and person.state != "alive":
        raise _refusal(person.state, Bilingual(
            f"the person is {person.state}; only the living and not frozen are confirmed",
            "该人员已死亡或户籍冻结；只核验状态正常的人员"))


def _refusal(reason: str, what: Bilingual) -> EvidenceRefused:
    return EvidenceRefused(Bilingual(
        f"the sandbox authority refused: {what}", f"沙箱核验机构拒绝：{what.zh}"),
        details={"authority": NAME, "reason": reason})
