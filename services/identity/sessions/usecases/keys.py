"""Keys that sign tokens: replaced in time, taken out of use at once when one is no longer a secret."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from services.identity.sessions.domain import states
from services.identity.sessions.domain.errors import SigningKeyNotFound
from services.identity.sessions.domain.ports import HasSigningKeys, HasTokenPolicy
from services.identity.sessions.domain.signing_key import PUBLISHED_BEFORE, RealmKey, outlived, signing
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MADE, RETIRED, REVOKED = "signing-key.made", "signing-key.retired", "signing-key.revoked"


class KeysTx(HasClock, HasSigningKeys, HasTokenPolicy, EvidenceTx, Protocol):
    """The transaction of changing signing keys."""


def rotate_key(
    tx: KeysTx, realm_id: str, context: CallContext | None, *, signs_in: timedelta = PUBLISHED_BEFORE,
) -> RealmKey:
    """Publish the next key of a realm. It signs when every verifier has it, and no sooner than signs_in."""
    now = tx.clock.now()
    key = tx.signing_keys.make(realm_id, at=now, signs_from=now + max(signs_in, PUBLISHED_BEFORE))
    _record(tx, key, MADE, context)
    return key


def revoke_key(tx: KeysTx, realm_id: str, kid: str, context: CallContext | None) -> RealmKey:
    """Take a key out of use at once, with all tokens that it has signed. Raises SigningKeyNotFound."""
    now, keys = tx.clock.now(), tx.signing_keys.of(realm_id)
    key = next((each for each in keys if each.kid == kid), None)
    if key is None:
        raise SigningKeyNotFound
    revoked = key.ended(states.REVOKED, now)
    tx.signing_keys.end(revoked)
    _record(tx, revoked, REVOKED, context)
    if signing([each for each in keys if each is not key], now) is None:
        _record(tx, tx.signing_keys.make(realm_id, at=now, signs_from=now), MADE, context)
    return revoked


def keep_keys(tx: KeysTx, realm_ids: Sequence[str]) -> int:
    """Do what is due: first keys, next keys, keys whose last token is over; gives how many keys changed."""
    now = tx.clock.now()
    return sum(_keep(tx, realm_id, now) for realm_id in realm_ids)


def _keep(tx: KeysTx, realm_id: str, now: datetime) -> int:
    lifetimes, keys = tx.tokens.lifetimes, tx.signing_keys.of(realm_id)
    changed = outlived(keys, now)
    for key in changed:
        retired = key.ended(states.RETIRED, now)
        tx.signing_keys.end(retired)
        _record(tx, retired, RETIRED, None)
    if not keys:
        _record(tx, tx.signing_keys.make(realm_id, at=now, signs_from=now), MADE, None)
    elif max(key.signs_from for key in keys) + lifetimes.key_age <= now + lifetimes.key_overlap:
        rotate_key(tx, realm_id, None, signs_in=lifetimes.key_overlap)
    else:
        return len(changed)
    return len(changed) + 1


def _record(tx: EvidenceTx, key: RealmKey, action: str, context: CallContext | None) -> None:
    tx.record_evidence(
        context, owner=key.realm_id, action=action, about=key.kid, basis="platform",
        details={"signs_from": key.signs_from.isoformat()})
