"""Access of an app: what its keys open, and how it takes part in logins."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.identity.directory.domain.errors import ClientInvalid
from services.identity.directory.domain.redirects import is_loopback
from shared_components.kernel.bilingual import Bilingual

CONFIDENTIAL, PUBLIC = "confidential", "public"
CLIENT_TYPES = (CONFIDENTIAL, PUBLIC)
SENSITIVE = ("credential",)
"""Scopes of persons that an app asks for only after its department has approved it for them: whoever can change how
a person signs in can take the account over.
"""


@dataclass(frozen=True, slots=True)
class Access:
    """scopes: methods as `payment.*` or `payment.get_order`. in_flight, calls_per_s: None is the gateway's own limit.

    redirect_uris, post_logout_redirect_uris: addresses that a login and a logout may return to.
    client_type: confidential, or public: a program on the person's own machine, which can keep no secret.
    sensitive_scopes: what persons may be asked for beyond the usual (SENSITIVE); approved with the rest for production.
    jwks: public keys with which the app proves itself where tokens are given, instead of an app key; None: by app key.
    """

    scopes: tuple[str, ...] = ("*",)
    in_flight: int | None = None
    calls_per_s: int | None = None
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    client_type: str = CONFIDENTIAL
    jwks: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
    sensitive_scopes: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.client_type == PUBLIC

    def require_consistent(self) -> Access:
        """The access itself. Raises ClientInvalid for a public client with keys."""
        if self.is_public and self.jwks is not None:
            raise _invalid("jwks", Bilingual(
                "client_type is 'public' and jwks has keys; only a confidential client has keys",
                "client_type 为“public”但填写了 jwks；仅 confidential 客户端可登记公钥"))
        return self

    def require_for_production(self) -> None:
        """Raises ClientInvalid for an address of the person's own machine, where no program of the app runs there."""
        for field in ("redirect_uris", "post_logout_redirect_uris"):
            if not self.is_public and any(map(is_loopback, getattr(self, field))):
                raise _invalid(field, Bilingual(
                    f"{field} has an http address and the client is confidential; in production https is allowed, http "
                    "for public clients only",
                    f"{field} 含 http 地址而客户端为 confidential；生产环境只允许 https，http 仅限 public 客户端"))


def _invalid(field: str, told: Bilingual) -> ClientInvalid:
    return ClientInvalid(told, details={"fields": {field: [told]}})
