"""Ways to sign in, as the login uses them: each proves a person, outside of the login's own transactions."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from services.identity.credentials.domain.proof import Proof
from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class At:
    """Where a person signs in. binding: the login's id; a code or a passkey's answer counts in that login alone."""

    tenant: str
    binding: str
    address: str = field(repr=False)
    device: str | None = field(default=None, repr=False)


class Provider(NamedTuple):
    """Another identity provider. title: in Chinese and English."""

    name: str
    title: str
    title_zh: str


class AskedPasskey(NamedTuple):
    """options: for the browser. challenge_id: shown with its answer."""

    challenge_id: str
    options: Mapping[str, Any]


class SignIn(Protocol):
    """Every way to sign in that this platform offers. Refusals are those of credentials and of upstream."""

    def password(self, at: At, identifier: str, password: str, context: CallContext) -> Proof: ...

    def send_code(self, at: At, identifier: str, context: CallContext) -> str:
        """The challenge's id; the same answer for an unknown identifier."""
        ...

    def code(self, at: At, challenge_id: str, code: str, context: CallContext) -> Proof: ...

    def second_factor(self, at: At, subject_id: str, code: str, context: CallContext) -> Proof:
        """A code of the authenticator app, or a recovery code."""
        ...

    def passkey_options(self, at: At, context: CallContext) -> AskedPasskey: ...

    def passkey(self, at: At, challenge_id: str, credential: str, context: CallContext) -> Proof:
        """challenge_id: of the options. credential: the browser's answer, as JSON."""
        ...

    def providers(self) -> Sequence[Provider]: ...

    def leave_for(self, at: At, provider: str, context: CallContext) -> str:
        """The address of the provider's login."""
        ...

    def come_back(self, at: At, provider: str, query: str, context: CallContext) -> Proof: ...
