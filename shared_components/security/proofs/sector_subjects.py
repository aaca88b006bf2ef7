"""Persons in tokens: an app reads its token, so a token names persons by the ids of the app's sector.

Tickets stay between services and name real ids.
Source: docs/adr/080-pairwise-ids.md
"""
from __future__ import annotations

from shared_components.kernel.acting import Acting
from shared_components.security.errors import TokenInvalid
from shared_components.security.pairwise_ids import PairwiseIds


def in_sector(acting: Acting, pairwise: PairwiseIds, sector: str) -> Acting:
    """The person and the principal by the sector's ids, for a token."""
    principal = acting.principal
    return acting._replace(
        subject=pairwise.to_sector(acting.subject, sector),
        principal=None if principal is None else pairwise.to_sector(principal, sector))


def from_sector(acting: Acting, pairwise: PairwiseIds, sector: str) -> Acting:
    """The person and the principal by their real ids. Raises TokenInvalid for ids of another sector."""
    if not pairwise.enabled:
        return acting
    principal = acting.principal
    subject = pairwise.from_sector(acting.subject, sector)
    real_principal = None if principal is None else pairwise.from_sector(principal, sector)
    if subject is None or (principal is not None and real_principal is None):
        raise TokenInvalid
    return acting._replace(subject=subject, principal=real_principal)
