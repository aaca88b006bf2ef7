"""Composition root of identity."""
from __future__ import annotations

from importlib import import_module

import structlog

from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.domain.ports import Authority
from services.identity.subjects.settings import IdentitySettings, policy_of
from services.identity.transaction import SqlIdentityTransaction
from shared_components.bus import TransactionProvider, TransactionScope

log = structlog.get_logger(__name__)

# The sandbox is for development: it is loaded when a configuration asks for it, and nothing imports it.
AUTHORITIES = {"sandbox": ("services.identity.sandbox.authority", "SandboxAuthority")}


def authority_of(name: str) -> Authority:
    """The authority of a configured name."""
    module, kind = AUTHORITIES[name]
    authority: Authority = getattr(import_module(module), kind)()
    return authority


class IdentityProvider(TransactionProvider):
    settings_schema = IdentitySettings
    authority: Authority
    _policy: IdentityPolicy

    def setup(self) -> None:
        super().setup()
        self._policy = policy_of(self.settings)
        self.authority = authority_of(self.settings["authority"])
        if self.settings["authority"] == "sandbox" and self.container.config["zhongtai"]["environment"] == "production":
            # Whoever knows its documented tokens is confirmed; real subjects need a real authority.
            log.warning("identity.authority.sandbox_in_production", setting="services.identity.authority")

    def make(self, scope: TransactionScope) -> SqlIdentityTransaction:
        return SqlIdentityTransaction(scope, self._policy)
