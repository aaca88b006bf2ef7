"""The ways to sign in that this platform has: those of credentials, and other identity providers."""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from services.identity.credentials.domain.ports import Hasher, Passkeys
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.codes import ProveCode, SendCode, prove_code, send_code
from services.identity.credentials.usecases.passkeys import ProvePasskey, begin_passkey, prove_passkey
from services.identity.credentials.usecases.prove_password import ProvePassword, prove_password
from services.identity.credentials.usecases.second_factors import ProveSecond, prove_recovery_code, prove_totp
from services.identity.login.domain.errors import WayNotOffered
from services.identity.login.usecases.account_sign_in import browser_answer
from services.identity.login.usecases.sign_in import AskedPasskey, At, Provider
from services.identity.upstream.domain.provider import Providers
from services.identity.upstream.usecases.begin import BeginUpstream, begin_upstream
from services.identity.upstream.usecases.finish import FinishUpstream, finish_upstream
from shared_components.kernel.calls import CallContext

CHANNEL = "email"
COME_BACK = "/login/upstream/{provider}"
"""Path to which another provider sends the browser back."""
_TOTP = re.compile(r"[0-9]{6}")


class PlatformSignIn:
    """Satisfies SignIn.

    transactions: of identity, for use cases that open their own. passkeys: None: there are none.
    upstream: other identity providers. issuer: the platform's public address.
    """

    def __init__(
        self, transactions: Any, hasher: Hasher, passkeys: Passkeys | None = None, *,
        upstream: Providers | None = None, issuer: str = "",
    ) -> None:
        self._transactions, self._hasher, self._passkeys = transactions, hasher, passkeys
        self._upstream, self._issuer = upstream, issuer

    def password(self, at: At, identifier: str, password: str, context: CallContext) -> Proof:
        return prove_password(
            self._transactions, self._hasher,
            ProvePassword(at.tenant, identifier, password, at.device, at.address), context)

    def send_code(self, at: At, identifier: str, context: CallContext) -> str:
        return send_code(
            self._transactions, SendCode(at.tenant, identifier, CHANNEL, at.binding, at.device, at.address), context,
        ).challenge_id

    def code(self, at: At, challenge_id: str, code: str, context: CallContext) -> Proof:
        return prove_code(
            self._transactions, ProveCode(at.tenant, challenge_id, code, at.binding, at.device, at.address), context)

    def second_factor(self, at: At, subject_id: str, code: str, context: CallContext) -> Proof:
        command = ProveSecond(at.tenant, subject_id, code.strip())
        prove = prove_totp if _TOTP.fullmatch(command.code) else prove_recovery_code
        return prove(self._transactions, command, context)

    def passkey_options(self, at: At, context: CallContext) -> AskedPasskey:
        with self._transactions.begin(at.tenant) as tx:
            asked = begin_passkey(tx, self._passkeys, at.tenant, at.binding)
        return AskedPasskey(asked.challenge_id, asked.options)

    def passkey(self, at: At, challenge_id: str, credential: str, context: CallContext) -> Proof:
        command = ProvePasskey(at.tenant, challenge_id, at.binding, browser_answer(credential))
        return prove_passkey(self._transactions, self._passkeys, command, context)

    def providers(self) -> Sequence[Provider]:
        offered = [] if self._upstream is None else self._upstream.offered()
        return [Provider(each.name, each.title_en, each.title) for each in offered]

    def leave_for(self, at: At, provider: str, context: CallContext) -> str:
        if self._upstream is None:
            raise WayNotOffered
        command = BeginUpstream(provider, at.binding, f"{self._issuer}{COME_BACK.format(provider=provider)}")
        return begin_upstream(self._transactions, self._upstream, command, _own(at, context)).location

    def come_back(self, at: At, provider: str, query: str, context: CallContext) -> Proof:
        if self._upstream is None:
            raise WayNotOffered
        command = FinishUpstream(provider, query, at.binding)
        return finish_upstream(self._transactions, self._upstream, command, _own(at, context))


def _own(at: At, context: CallContext) -> CallContext:
    """The platform's own call in the population that the person signs in to."""
    return context._replace(caller="identity", via=None, tenant=at.tenant, department=None, rule=None, op_id=at.binding)
