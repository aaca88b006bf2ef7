"""Claims of a token or a ticket about the person who acts, as docs/wire-format.md lists them."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared_components.kernel.acting import CITIZEN, KINDS, OFFICER, Acting, Mandate
from shared_components.security.errors import TokenInvalid

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_SCOPE = re.compile(r"[A-Za-z0-9_.:/-]{1,128}")
HIGHEST_LEVEL, MOST_NAMES = 100, 64
MOST_MINOR = 2**53


def acting_of(claims: Mapping[str, Any]) -> Acting:
    """Read the person from verified claims. Raises TokenInvalid for claims of another form."""
    kind = claims.get("kind", CITIZEN)
    if kind not in KINDS:
        raise TokenInvalid
    subject, act = _id(claims, "sub"), claims.get("act")
    session = _id(claims, "sid")
    grant = _id(claims, "gid") if "gid" in claims else None
    level = _whole(claims.get("level", 0), HIGHEST_LEVEL)
    scopes = _scopes(claims.get("scope", ""))
    if kind == OFFICER:
        if act is not None:
            raise TokenInvalid
        return Acting(
            subject, session, OFFICER, level, scopes, _names(claims.get("roles", []), _SCOPE),
            _id(claims, "department"), grant=grant)
    if act is None:
        return Acting(subject, session, CITIZEN, level, scopes, grant=grant)
    if not isinstance(act, Mapping):
        raise TokenInvalid
    return Acting(
        _id(act, "sub"), session, CITIZEN, level, scopes, mandate=_mandate(act), principal=subject, grant=grant)


def claims_of(acting: Acting) -> dict[str, Any]:
    """Give the claims that `acting_of` reads."""
    claims: dict[str, Any] = {
        "sub": acting.holder, "sid": acting.session, "kind": acting.kind, "level": acting.level,
        "scope": " ".join(sorted(acting.scopes)),
    }
    if acting.grant is not None:
        claims["gid"] = acting.grant
    if acting.kind == OFFICER:
        claims |= {"roles": sorted(acting.roles), "department": acting.department}
    if acting.principal is not None:
        claims["act"] = {"sub": acting.subject, **_claims_of_mandate(acting.mandate)}
    return claims


def _claims_of_mandate(mandate: Mandate | None) -> dict[str, Any]:
    if mandate is None:
        raise ValueError("a session for a principal has no mandate; the mandate that names it is allowed")
    claims: dict[str, Any] = {"mandate": mandate.mandate_id, "scopes": sorted(mandate.scopes)}
    if mandate.matters:
        claims["matters"] = sorted(mandate.matters)
    if mandate.limit_minor is not None:
        claims["limit_minor"] = mandate.limit_minor
    return claims


def _mandate(act: Mapping[str, Any]) -> Mandate:
    limit = act.get("limit_minor")
    return Mandate(
        _id(act, "mandate"), _names(act.get("scopes", []), _SCOPE), _names(act.get("matters", []), _SCOPE),
        None if limit is None else _whole(limit, MOST_MINOR))


def _id(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise TokenInvalid
    return value


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise TokenInvalid
    return value


def _scopes(value: Any) -> frozenset[str]:
    if not isinstance(value, str):
        raise TokenInvalid
    return _names(value.split(), _SCOPE)


def _names(values: Any, pattern: re.Pattern[str]) -> frozenset[str]:
    if not isinstance(values, list) or len(values) > MOST_NAMES:
        raise TokenInvalid
    if not all(isinstance(value, str) and pattern.fullmatch(value) for value in values):
        raise TokenInvalid
    return frozenset(values)
