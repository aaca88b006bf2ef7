"""Identity providers besides ours, and their word about a person."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

KNOWN = ("national", "business-licence", "network-id")
"""Providers that the platform knows: 统一身份认证, 电子营业执照, 网号. Without settings they refuse."""


@dataclass(frozen=True, slots=True)
class ProviderPolicy:
    """The worth of a provider's word.

    levels: acr → kind of evidence that it counts as; an acr that is missing counts as none.
    trusted_for_documents: its document numbers find and register accounts. registers: unknown persons are registered.
    document_type: of a provider whose stable id is itself the document (网号). representative_roles: roles in an
    organisation that make the person its legal representative here; empty: nobody is, by this provider's word.
    """

    name: str
    title: str
    title_en: str
    levels: Mapping[str, str] = field(default_factory=dict)
    trusted_for_documents: bool = False
    registers: bool = False
    document_type: str | None = None
    representative_roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignIn:
    """Secrets of one sign-in at a provider. redirect_uri: where the provider sends the browser back to."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Parameters with which a browser comes back. code: None where there is an error instead."""

    state: str = field(repr=False)
    code: str | None = field(repr=False, default=None)
    issuer: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class UpstreamOrganisation:
    """An organisation in whose name a person signed in there (电子营业执照). role: in the provider's words."""

    credit_code: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class UpstreamPerson:
    """A person as a provider knows them.

    issuer, upstream_id: stable; accounts are linked by the two, never by a name. receipt: of this sign-in.
    """

    issuer: str
    upstream_id: str = field(repr=False)
    receipt: str
    authenticated_at: datetime
    acr: str | None = None
    name: str | None = field(repr=False, default=None)
    id_type: str | None = None
    id_number: str | None = field(repr=False, default=None)
    organisation: UpstreamOrganisation | None = None


class UpstreamIdentityProvider(Protocol):
    """One provider. Its methods talk to the outside: never inside of a transaction."""

    @property
    def policy(self) -> ProviderPolicy: ...

    def address(self, sign_in: SignIn, *, locale: str) -> str:
        """The address to which the browser goes. Raises ProviderNotConfigured, ProviderUnavailable."""
        ...

    def person(self, sign_in: SignIn, answer: Answer, *, at: datetime) -> UpstreamPerson:
        """Redeem the code of an answer. Raises ProviderNotConfigured, ProviderUnavailable, UpstreamRefused."""
        ...


class Providers(Protocol):
    def get(self, name: str) -> UpstreamIdentityProvider:
        """Raises ProviderUnknown."""
        ...

    def offered(self) -> list[ProviderPolicy]:
        """Those that are configured, in the order of the configuration."""
        ...
