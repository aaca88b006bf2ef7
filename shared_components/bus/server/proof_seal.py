"""The seal of tokens and tickets in a service's quarantine: with the key ring that all its processes have."""
from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import cache
from typing import Any

from shared_components.bus.amqp.carried_proofs import NO_SEAL, ProofSeal
from shared_components.security import Secrets, Undecryptable
from shared_components.security.errors import KeyConfigurationError
from shared_components.security.fields import FieldCipher


def proof_seal(service: str, configuration: Mapping[str, Any]) -> ProofSeal:
    """The seal of one service. Keys are read when the first proof is sealed; without keys proofs are removed.

    configuration: sections `security` and `environment`.
    """
    @cache
    def cipher() -> FieldCipher | None:
        try:
            return Secrets.from_configuration(configuration.get("security"), configuration["environment"]).fields
        except KeyConfigurationError:
            return None

    aad = f"{service}/quarantine/proof"

    def close(proof: str) -> str:
        fields = cipher()
        if fields is None:
            return NO_SEAL.close(proof)
        return base64.urlsafe_b64encode(fields.encrypt(proof, aad=aad)).decode().rstrip("=")

    def open_(sealed: str) -> str | None:
        fields = cipher()
        try:
            data = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            return None if fields is None else fields.decrypt(data, aad=aad)
        except (binascii.Error, Undecryptable):
            return None

    return ProofSeal(close, open_)
