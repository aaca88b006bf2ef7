"""The providers of a configuration; those without settings refuse in words."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from services.identity.upstream.adapters.openid import OpenIdProvider
from services.identity.upstream.domain.connection import OpenIdSettings
from services.identity.upstream.domain.errors import ProviderNotConfigured, ProviderUnknown
from services.identity.upstream.domain.provider import (
    KNOWN,
    Answer,
    ProviderPolicy,
    SignIn,
    UpstreamIdentityProvider,
    UpstreamPerson,
)
from shared_components.kernel.bilingual import Bilingual

TITLES = {
    "national": ("统一身份认证", "National or provincial identity"),
    "business-licence": ("电子营业执照", "Electronic business licence"),
    "network-id": ("网号", "Network identity"),
}


class UnconfiguredProvider:
    """A provider that the platform knows and the configuration does not."""

    def __init__(self, name: str) -> None:
        self.policy = ProviderPolicy(name, *TITLES[name])

    def address(self, sign_in: SignIn, *, locale: str) -> str:
        """Raises ProviderNotConfigured."""
        self._refuse()

    def person(self, sign_in: SignIn, answer: Answer, *, at: datetime) -> UpstreamPerson:
        """Raises ProviderNotConfigured."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        name = self.policy.name
        raise ProviderNotConfigured(Bilingual(
            f"provider '{name}' has no settings; services.identity.upstream.{name} is needed",
            f"渠道“{name}”尚无配置；须填写 services.identity.upstream.{name}"), details={"provider": name})


class ConfiguredProviders:
    def __init__(self, configured: Mapping[str, tuple[ProviderPolicy, OpenIdSettings]]) -> None:
        self._configured: dict[str, UpstreamIdentityProvider] = {
            name: OpenIdProvider(*parts) for name, parts in configured.items()}

    def get(self, name: str) -> UpstreamIdentityProvider:
        found = self._configured.get(name)
        if found is not None:
            return found
        if name in KNOWN:
            return UnconfiguredProvider(name)
        raise ProviderUnknown

    def offered(self) -> list[ProviderPolicy]:
        return [each.policy for each in self._configured.values()]
