"""An authenticator in software: what a browser and its device send, in the JSON of WebAuthn level 3."""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "https://id.example.cn"
RP_ID = "id.example.cn"
FLAG = AuthenticatorData.FLAG
USUAL = FLAG.UP | FLAG.UV


@dataclass
class Authenticator:
    """counter: of signatures; None for a device that has none. Each switch is one way of being wrong."""

    origin: str = ORIGIN
    rp_id: str = RP_ID
    flags: Any = USUAL
    counter: int | None = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))

    def register(self, options: Mapping[str, Any]) -> dict[str, Any]:
        client = self._client(CollectedClientData.TYPE.CREATE, options["publicKey"]["challenge"])
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        made = AttestedCredentialData.create(Aaguid(bytes(16)), self.credential_id, public)
        data = AuthenticatorData.create(self._rp(), self.flags | FLAG.AT, self._count(), bytes(made))
        attested = AttestationObject.create("none", data, {})
        return self._response({
            "clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(bytes(attested))})

    def show(self, options: Mapping[str, Any]) -> dict[str, Any]:
        client = self._client(CollectedClientData.TYPE.GET, options["publicKey"]["challenge"])
        data = AuthenticatorData.create(self._rp(), self.flags, self._count())
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._response({
            "clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(signature)})

    def _rp(self) -> bytes:
        return sha256(self.rp_id.encode()).digest()

    def _count(self) -> int:
        if self.counter is None:
            return 0
        self.counter += 1
        return self.counter

    def _client(self, kind: Any, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _response(self, response: dict[str, str]) -> dict[str, Any]:
        encoded = websafe_encode(self.credential_id)
        return {
            "id": encoded, "rawId": encoded, "type": "public-key", "response": response, "clientExtensionResults": {}}
