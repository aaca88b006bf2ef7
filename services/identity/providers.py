"""Composition root of identity."""
from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol

import structlog

from services.identity.credentials.adapters.argon2 import Argon2Hasher
from services.identity.credentials.adapters.passkeys import FidoPasskeys
from services.identity.credentials.adapters.sender import BusCodeSender
from services.identity.credentials.domain.policy import CredentialPolicy
from services.identity.credentials.domain.ports import CodeSender, GuardianAuthority, Hasher, Passkeys
from services.identity.credentials.settings import credential_policy_of
from services.identity.login.adapters.sign_in import PlatformSignIn
from services.identity.login.usecases.account import AccountPage
from services.identity.login.usecases.account_consents import ConsentsPage
from services.identity.login.usecases.account_mandates import MandatesPage
from services.identity.login.usecases.account_sessions import SessionsPage
from services.identity.login.usecases.account_sign_in import SignInPage
from services.identity.login.usecases.answers import Handling
from services.identity.login.usecases.evidence import confirm_evidence
from services.identity.mandates.domain.ports import OrganisationRegister
from services.identity.openid.adapters.copied_apps import CopiedApps
from services.identity.openid.entrypoints.throttle import Throttles
from services.identity.openid.settings import oauth_limits_of
from services.identity.privacy.schemas import check_corrections
from services.identity.privacy.settings import term_of
from services.identity.privacy.usecases.account_page import RequestsPage
from services.identity.sessions.adapters.verdicts import FollowedTokens
from services.identity.sessions.domain.lifetimes import TokenPolicy
from services.identity.sessions.domain.ports import TokenVerdicts
from services.identity.sessions.settings import token_policy
from services.identity.settings import ServiceSettings
from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.domain.ports import Authority
from services.identity.subjects.settings import policy_of
from services.identity.transaction import SqlIdentityTransaction
from services.identity.upstream.adapters.registry import ConfiguredProviders
from services.identity.upstream.domain.provider import Providers
from services.identity.upstream.settings import providers_of
from shared_components.bus import RealThreads, TransactionProvider, TransactionScope
from shared_components.db.feeds.producer import present
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.authority.copies import process_copies

log = structlog.get_logger(__name__)

# The sandbox is for development: it is loaded when a configuration asks for it, and nothing imports it.
AUTHORITIES = {"sandbox": ("services.identity.sandbox.authority", "SandboxAuthority")}


class Authorities(Authority, GuardianAuthority, OrganisationRegister, Protocol):
    """The authorities that know persons and their guardians, and the register of who represents an organisation."""


def authority_of(name: str) -> Authorities:
    """The authorities of a configured name."""
    module, kind = AUTHORITIES[name]
    authority: Authorities = getattr(import_module(module), kind)()
    return authority


def configured_apps(configuration: Mapping[str, Any]) -> dict[str, str]:
    """The tenant of each app that the configuration names, for HTTP or AMQP."""
    over_http = configuration["services"].get("gateway", {}).get("apps", ())
    return {app["name"]: app["tenant"] for app in over_http} | dict(configuration["bus"]["app_tenants"])
CLOCK_AGE_S = 1.0


class IdentityProvider(TransactionProvider):
    settings_schema = ServiceSettings
    authority: Authority
    hasher: Hasher
    passkeys: Passkeys | None
    register: OrganisationRegister
    upstream: Providers
    _policy: IdentityPolicy
    _credential_policy: CredentialPolicy
    _configured_apps: Mapping[str, str]
    tokens: TokenPolicy
    verdicts: TokenVerdicts
    copied_apps: CopiedApps
    throttles: Throttles

    def setup(self) -> None:
        super().setup()
        configuration = self.container.config["zhongtai"]
        self._policy = policy_of(self.settings)
        self._configured_apps = configured_apps(configuration)
        self._set_up_credentials(self.settings["credentials"])
        self.tokens = token_policy(self.settings["sessions"], configuration["http"]["public_url"])
        assert self.copies is not None, "identity follows its own directory"
        self.clock = self.copies.clock
        self.copied_apps = CopiedApps(self.copies)
        self.throttles = Throttles(oauth_limits_of(self.settings["openid"]))
        self.verdicts = FollowedTokens(self.copies.signing_key, process_copies, self.secrets.pairwise_ids)
        self._personal_term = term_of(self.settings["privacy"], configuration)
        self.upstream = ConfiguredProviders(providers_of(self.settings["upstream"]))
        self._upstream_titles = {each.name: Bilingual(each.title_en, each.title) for each in self.upstream.offered()}
        self.authority = self.register = authority_of(self.settings["authority"])
        if self.settings["authority"] == "sandbox" and configuration["environment"] == "production":
            # Whoever knows its documented tokens is confirmed; real subjects need a real authority.
            log.warning("identity.authority.sandbox_in_production", setting="services.identity.authority")

    def make(self, scope: TransactionScope) -> SqlIdentityTransaction:
        assert self.copies is not None
        if self.copies.clock.age_s > CLOCK_AGE_S:
            # All processes date tokens and sessions by one clock, whatever their own say.
            self.copies.clock.learn(present(scope.session))
        tx = SqlIdentityTransaction(scope, self._policy, self._credential_policy, self.tokens, self._configured_apps)
        tx.upstream_titles = self._upstream_titles
        tx.personal_term = self._personal_term
        return tx

    def login_handling(self, transactions: Any) -> Handling:
        """The ways to sign in and to bring evidence, for one call."""
        sign_in = PlatformSignIn(
            transactions, self.hasher, self.passkeys, upstream=self.upstream, issuer=self.tokens.issuer)
        return Handling(sign_in, confirm_evidence(transactions, self.authority))

    def account_pages(self) -> Mapping[str, AccountPage]:
        return {
            "sessions": SessionsPage(), "mandates": MandatesPage(), "consents": ConsentsPage(),
            "sign-in": SignInPage(self.hasher, self.passkeys), "requests": RequestsPage(check_corrections),
        }

    @property
    def code_sender(self) -> CodeSender:
        return BusCodeSender(self.client)

    def _set_up_credentials(self, settings: Mapping[str, Any]) -> None:
        public_url = self.container.config["zhongtai"]["http"]["public_url"]
        self._credential_policy = credential_policy_of(settings, public_url)
        rules = self._credential_policy.passkeys
        self.passkeys = None if rules is None else FidoPasskeys(rules)
        threads = settings["hashing_threads"]
        self.hasher = Argon2Hasher(RealThreads(threads, waiting=settings["hashing_queue"]), at_once=threads)
