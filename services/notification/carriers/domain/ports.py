"""Ports of carriers."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from services.notification.carriers.domain.carrier import Carrier


class CarrierFacts(Protocol):
    """Facts of carriers that need no question to any."""

    def configured(self) -> Sequence[str]:
        """The names of carriers that have settings."""
        ...

    def files(self, name: str) -> bool:
        """Whether the carrier takes only texts that were filed with it."""
        ...

    @property
    def signature(self) -> str:
        """The signature of texts for which none was filed; without brackets."""
        ...


class Carriers(CarrierFacts, Protocol):
    def named(self, name: str) -> Carrier:
        """Raises CarrierUnknown, CarrierNotConfigured."""
        ...

    def choose(self, names: Collection[str]) -> Carrier | None:
        """The carrier to try next; None when none of these is to be asked just now."""
        ...

    def wait_s(self, names: Collection[str]) -> float:
        """How long it takes until one of these may be asked again."""
        ...


class HasCarrierFacts(Protocol):
    @property
    def carriers(self) -> CarrierFacts: ...
