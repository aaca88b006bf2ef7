"""The sandbox authority: confirms what matches its population, refuses all else, always the same way."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping

from services.identity.sandbox.population import ORGANISATIONS, PERSONS
from services.identity.subjects.domain.documents import CREDIT_CODE, RESIDENT_ID
from services.identity.subjects.domain.errors import EvidenceRefused
from services.identity.subjects.domain.levels import CERTIFICATE, COUNTER_CHECK, PROOF_OF_PRESENCE
from services.identity.subjects.domain.ports import Claim, Confirmation

NAME = "sandbox"
TOKEN_FIELDS = {PROOF_OF_PRESENCE: "presence_token", CERTIFICATE: "certificate_token", COUNTER_CHECK: "counter_token"}
PRESENT, ABSENT, CERTIFIED, SEEN = "sandbox-present", "sandbox-absent", "sandbox-certificate", "sandbox-counter"
_EXPECTED = {PROOF_OF_PRESENCE: PRESENT, CERTIFICATE: CERTIFIED, COUNTER_CHECK: SEEN}
_POPULATION: Mapping[str, Mapping[str, str]] = {RESIDENT_ID: PERSONS, CREDIT_CODE: ORGANISATIONS}


class SandboxAuthority:
    """An Authority for development and demonstration.

    `name-number-match` needs nothing more. `proof-of-presence` needs data.presence_token `sandbox-present`
    (`sandbox-absent` is a face that does not match), `certificate` data.certificate_token `sandbox-certificate`,
    `counter-check` data.counter_token `sandbox-counter`.
    """

    def confirm(self, claim: Claim, *, key: str) -> Confirmation:
        """Raises EvidenceRefused. Every kind checks name and number first."""
        if _POPULATION.get(claim.id_type, {}).get(claim.id_number) != claim.name:
            raise _refusal("no-match", "name and number together are not in the population")
        self._check_token(claim)
        digest = hashlib.sha256(f"{claim.kind}/{key}".encode()).hexdigest()
        return Confirmation(NAME, f"SBX-{digest[:24]}")

    @staticmethod
    def _check_token(claim: Claim) -> None:
        field = TOKEN_FIELDS.get(claim.kind)
        if field is None:
            return
        token = claim.proof.get(field)
        if token is None:
            raise _refusal("token-missing", f"data.{field} is missing; evidence '{claim.kind}' needs it")
        if token == ABSENT:
            raise _refusal("not-present", "the face is not that of the document's holder")
        if token != _EXPECTED[claim.kind]:
            raise _refusal("token-wrong", f"data.{field} is not one that the sandbox knows")


def _refusal(reason: str, what: str) -> EvidenceRefused:
    return EvidenceRefused(f"the sandbox authority refused: {what}", details={"authority": NAME, "reason": reason})
