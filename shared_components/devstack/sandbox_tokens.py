"""Access tokens without a login, signed by the sandbox's key: for development only."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared_components.kernel.acting import Acting
from shared_components.kernel.clock import SystemClock
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.key_folder import SANDBOX_ISSUER, KeyFolder
from shared_components.security.proofs.sector_subjects import in_sector
from shared_components.security.secrets import pairwise_ids

LONGEST_S = 600


def sandbox_token(
    configuration: Mapping[str, Any], acting: Acting, *, app: str, tenant: str | None = None,
    seconds: int = LONGEST_S,
) -> str | None:
    """Sign a token that only the app may use; None in production.

    acting: its ids may be the real ones, or those that the app knows. tenant: by which the app calls; None: as it is
    configured.
    """
    section = configuration["security"]
    keys = KeyFolder.from_configuration(section, configuration["environment"])
    if configuration["environment"] == "production" or keys is None:
        return None
    pairwise = pairwise_ids(section, configuration["environment"])
    if pairwise is not None:
        sector, principal = tenant or _tenant_of(configuration, app), acting.principal
        acting = in_sector(acting._replace(
            subject=pairwise.from_sector(acting.subject, sector) or acting.subject,
            principal=principal and (pairwise.from_sector(principal, sector) or principal)), pairwise, sector)
    signer = AccessTokenSigner(keys.signing_key(SANDBOX_ISSUER), issuer=SANDBOX_ISSUER, realm=section["realm"])
    return signer.sign(acting, app=app, at=SystemClock().now(), lifetime=timedelta(seconds=seconds))


def real_subject(configuration: Mapping[str, Any], subject_id: str, *, tenant: str) -> str:
    """Give the id by which services and operators know a subject that an app of the tenant knows by another one."""
    pairwise = pairwise_ids(configuration["security"], configuration["environment"])
    return subject_id if pairwise is None else pairwise.from_sector(subject_id, tenant) or subject_id


def _tenant_of(configuration: Mapping[str, Any], app: str) -> str:
    """The tenant that the configuration gives the app, else the default one."""
    over_http = {each["name"]: each["tenant"] for each in configuration["services"].get("gateway", {}).get("apps", ())}
    bus = configuration["bus"]
    return str(bus["app_tenants"].get(app) or over_http.get(app) or bus["default_tenant"])
