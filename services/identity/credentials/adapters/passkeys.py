"""Passkeys by the library fido2. User verification is required: a passkey is possession and knowledge, or biometry."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.identity.credentials.domain.errors import PasskeyRefused
from services.identity.credentials.domain.policy import PasskeyRules
from services.identity.credentials.domain.ports import NewPasskey, ShownPasskey

T = TypeVar("T")
REQUIRED = UserVerificationRequirement.REQUIRED


class FidoPasskeys:
    """Satisfies Passkeys."""

    def __init__(self, rules: PasskeyRules) -> None:
        self._server = Fido2Server(
            PublicKeyCredentialRpEntity(id=rules.rp_id, name=rules.name), verify_origin=rules.origins.__contains__)

    def begin_registration(
        self, *, handle: bytes, name: str, known: Sequence[str],
    ) -> tuple[Mapping[str, Any], str]:
        options, state = self._server.register_begin(
            PublicKeyCredentialUserEntity(id=handle, name=name, display_name=name),
            [AttestedCredentialData(websafe_decode(each)) for each in known],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED)
        return _plain(options), json.dumps(state)

    def finish_registration(self, state: str, response: Mapping[str, Any]) -> NewPasskey:
        data = _refusing(lambda: self._server.register_complete(json.loads(state), response))
        made = data.credential_data
        if made is None:
            raise PasskeyRefused
        return NewPasskey(
            websafe_encode(made.credential_id), websafe_encode(bytes(made)), data.counter, _is_synced(data))

    def begin_sign_in(self) -> tuple[Mapping[str, Any], str]:
        options, state = self._server.authenticate_begin(user_verification=REQUIRED)
        return _plain(options), json.dumps(state)

    def passkey_id_of(self, response: Mapping[str, Any]) -> str:
        return _refusing(lambda: websafe_encode(AuthenticationResponse.from_dict(response).raw_id))

    def finish_sign_in(self, state: str, public: str, response: Mapping[str, Any]) -> ShownPasskey:
        def check() -> AuthenticatorData:
            known = AttestedCredentialData(websafe_decode(public))
            self._server.authenticate_complete(json.loads(state), [known], response)
            return AuthenticationResponse.from_dict(response).response.authenticator_data

        data = _refusing(check)
        return ShownPasskey(data.counter, _is_synced(data))


def _refusing(check: Callable[[], T]) -> T:
    try:
        return check()
    except Exception:
        # What a browser sends is taken apart in many layers (JSON, base64, CBOR, COSE), and each has errors of its own.
        raise PasskeyRefused from None


def _is_synced(data: AuthenticatorData) -> bool:
    """Tell whether the passkey is one that a provider copies to other devices (flag BE)."""
    return bool(data.flags & AuthenticatorData.FLAG.BE)


def _plain(options: Any) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = json.loads(json.dumps(dict(options)))
    return plain
