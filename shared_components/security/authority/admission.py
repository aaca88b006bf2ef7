"""The part of the decision that no row is needed for: session, level, scope, role, mandate."""
from __future__ import annotations

from shared_components.kernel.acting import CITIZEN, Acting
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import PUBLIC, MethodRule
from shared_components.security.authority.copies import Copies
from shared_components.security.authority.errors import (
    AppClosed,
    LevelTooLow,
    MandateMissing,
    MembershipEnded,
    NotForCitizens,
    RoleMissing,
    ScopeMissing,
    SessionEnded,
    SubjectNeeded,
)


def admit(context: CallContext, rule: MethodRule, copies: Copies) -> None:
    """Refuse a call that its method is not open to, whatever the row.

    Raises SubjectNeeded, SessionEnded, AppClosed, MembershipEnded, LevelTooLow,
    ScopeMissing, RoleMissing, MandateMissing, NotForCitizens.
    """
    acting = context.acting
    if acting is None:
        if rule.as_subject:
            raise SubjectNeeded
        return
    if copies.is_ended(acting.session) or (acting.grant is not None and copies.is_ended(acting.grant)):
        raise SessionEnded
    if copies.is_closed(context.caller):
        raise AppClosed
    if acting.department is not None and copies.has_left(acting.subject, acting.department):
        raise MembershipEnded
    if rule.as_subject and acting.kind != CITIZEN:
        raise SubjectNeeded(Bilingual(
            f"the session is an {acting.kind}'s; only a citizen's is allowed",
            "当前为工作人员会话；只允许个人（法人）会话"))
    if acting.level < rule.level:
        raise LevelTooLow(
            Bilingual(f"the session has level {acting.level}; {rule.level} or more is allowed",
                      f"会话的认证等级为 {acting.level}；须为 {rule.level} 或以上"),
            details={"level": acting.level, "needed": rule.level})
    if PUBLIC in rule.basis and not rule.as_subject:
        return
    if acting.kind == CITIZEN:
        _admit_citizen(acting, rule, copies)
    elif not rule.roles & acting.roles:
        raise RoleMissing(Bilingual(
            f"the officer has roles {sorted(acting.roles)}; one of {sorted(rule.roles)} is allowed",
            f"工作人员的角色为 {_listed(acting.roles)}；须为 {_listed(rule.roles)}"))


def _admit_citizen(acting: Acting, rule: MethodRule, copies: Copies) -> None:
    if not rule.about:
        raise NotForCitizens
    if not covers_kind(acting.scopes, rule.resource):
        raise ScopeMissing(Bilingual(
            f"the session covers {sorted(acting.scopes)}; '{rule.resource}' is needed",
            f"会话授权范围为 {_listed(acting.scopes)}；须包括“{rule.resource}”"))
    mandate = acting.mandate
    if acting.principal is None and mandate is None:
        return
    if acting.principal is None or mandate is None or not copies.is_live(mandate.mandate_id):
        raise MandateMissing
    if not covers_kind(mandate.scopes, rule.resource):
        raise MandateMissing(Bilingual(
            f"mandate {mandate.mandate_id} covers {sorted(mandate.scopes)}; '{rule.resource}' is needed",
            f"授权经办 {mandate.mandate_id} 的范围为 {_listed(mandate.scopes)}；须包括“{rule.resource}”"))


def _listed(names: frozenset[str]) -> str:
    return "、".join(sorted(names)) or "无"


def covers_kind(scopes: frozenset[str], kind: str) -> bool:
    """Tell whether the scopes cover things of this kind, or of one type of it."""
    if kind in scopes:
        return True
    prefix = f"{kind}:"
    return any(scope.startswith(prefix) for scope in scopes)


def covers(scopes: frozenset[str], kind: str, resource: str) -> bool:
    """Tell whether the scopes cover this resource: its kind, or its own type."""
    return kind in scopes or (resource != "" and resource in scopes)
