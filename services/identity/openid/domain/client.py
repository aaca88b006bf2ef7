"""A client of OAuth: an app of the directory in one of its environments."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.identity.directory.domain import states
from services.identity.directory.domain.access import SENSITIVE, Access
from services.identity.directory.domain.app import OFFICER_CONSOLE, PORTAL, App
from services.identity.directory.domain.realm import SANDBOX
from services.identity.directory.domain.redirects import matches
from services.identity.openid.domain.oauth_errors import INVALID_CLIENT, OAuthRefused

SECRET_BASIC, SECRET_POST, PRIVATE_KEY_JWT, NONE = (
    "client_secret_basic", "client_secret_post", "private_key_jwt", "none")
ASSERTION_ALGORITHMS = ("ES256", "PS256")
AUTHENTICATION_METHODS = (SECRET_BASIC, SECRET_POST, PRIVATE_KEY_JWT, NONE)


@dataclass(frozen=True, slots=True)
class Client:
    """client_id: the app's name as it calls; that of its sandbox ends with -sandbox.

    population: tenant id of the people who log in. tenant: whose data the app works on. access: in force there.
    """

    client_id: str
    app: App
    environment: str
    population: str
    access: Access

    @property
    def tenant(self) -> str:
        return self.app.tenant_in(self.environment)

    @property
    def is_portal(self) -> bool:
        return self.app.kind == PORTAL

    @property
    def is_console(self) -> bool:
        return self.app.kind == OFFICER_CONSOLE

    @property
    def is_sandbox(self) -> bool:
        return self.environment == SANDBOX

    @property
    def methods(self) -> frozenset[str]:
        """How this client may prove itself. One with keys of its own never falls back to a secret."""
        if self.access.is_public:
            return frozenset({NONE})
        return frozenset({PRIVATE_KEY_JWT} if self.access.jwks else {SECRET_BASIC, SECRET_POST})

    def approved(self, scopes: Collection[str]) -> frozenset[str]:
        """Without the sensitive scopes that the app is not approved for."""
        refused = set(SENSITIVE) - set(self.access.sensitive_scopes)
        return frozenset(scope for scope in scopes if scope.partition(":")[0] not in refused)

    def takes(self, redirect_uri: str) -> bool:
        """Tell whether a login may return to this address."""
        return any(
            matches(registered, redirect_uri, native=self.access.is_public)
            for registered in self.access.redirect_uris)

    def takes_after_logout(self, uri: str) -> bool:
        return any(
            matches(registered, uri, native=self.access.is_public)
            for registered in self.access.post_logout_redirect_uris)


def client_of(app: App, environment: str, population: str, client_id: str) -> Client | None:
    """The client that an app is in an environment; None when it is closed, frozen, or not approved there."""
    access = app.access_in(environment)
    if access is None or app.state != states.ACTIVE:
        return None
    return Client(client_id, app, environment, population, access)


def not_authenticated(*, basic: bool) -> OAuthRefused:
    """One refusal for every reason: an unknown client, a wrong secret, a wrong signature, a method of another client.

    basic: the client has tried the header Authorization, so the answer names its scheme (RFC 6749 section 5.2).
    """
    return OAuthRefused(
        INVALID_CLIENT, "the client did not prove itself", challenge='Basic realm="zhongtai"' if basic else None)
