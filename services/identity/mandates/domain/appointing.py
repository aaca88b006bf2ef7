"""Rules of appointing: who appoints whom, with which terms. Nobody gives more than they have."""
from __future__ import annotations

from services.identity.mandates.domain.errors import AppointmentNotAllowed, MandateTooWide
from services.identity.mandates.domain.mandate import HANDLER, MANAGER, REPRESENTATIVE, Mandate, Terms
from services.identity.mandates.domain.scopes import MANDATES, OWN_ACCOUNT, kind_of, not_covered
from shared_components.kernel.bilingual import Bilingual, listed_zh

RANK = {REPRESENTATIVE: 2, MANAGER: 1, HANDLER: 0}


def require_may_appoint(kind: str, under: Mandate | None) -> None:
    """Raises AppointmentNotAllowed.

    under: the mandate of the session that appoints; None: a person appoints for itself.
    A representative appoints managers and handlers, a manager handlers; a person has handlers only.
    """
    allowed = {HANDLER} if under is None else {each for each in (MANAGER, HANDLER) if RANK[each] < RANK[under.kind]}
    if kind not in allowed:
        raise AppointmentNotAllowed(Bilingual(
            f"the agent is to be '{kind}'; this session may appoint {sorted(allowed) or 'nobody'}",
            f"被授权人类别为“{kind}”；当前会话可设立：{listed_zh(sorted(allowed)) or '无'}"))


def require_may_end(mandate: Mandate, under: Mandate | None) -> None:
    """Refuse that a manager dismisses the representative or another manager. Raises AppointmentNotAllowed."""
    if under is not None and RANK[mandate.kind] >= RANK[under.kind]:
        raise AppointmentNotAllowed(Bilingual(
            f"the mandate is a {mandate.kind}'s, the session a {under.kind}'s; only one of a lower rank may be ended",
            f"该授权类别为“{mandate.kind}”，当前会话类别为“{under.kind}”；只能终止低于自身的授权"))


def require_within(terms: Terms, under: Mandate | None) -> None:
    """Raises MandateTooWide."""
    own = sorted(scope for scope in terms.scopes if kind_of(scope) in OWN_ACCOUNT | {MANDATES})
    if own:
        raise _wide("scopes", f"scopes {own} are of the own account; other resources are allowed",
                    f"授权范围 {listed_zh(own)} 属于本人账户事项；只允许其他资源")
    if under is None or under.kind == REPRESENTATIVE:
        return  # the organisation's own decision; the register asks for the representative again each year
    held = under.terms
    if wider := not_covered(terms.scopes, held.scopes):
        raise _wide("scopes", f"scopes {wider} are not held; {sorted(held.scopes)} are allowed",
                    f"授权范围 {listed_zh(wider)} 超出自身权限；允许：{listed_zh(sorted(held.scopes))}")
    if held.matters and not (terms.matters and terms.matters <= held.matters):
        asked = sorted(terms.matters)
        raise _wide("matters", f"matters are {asked or 'all'}; some of {sorted(held.matters)} are allowed",
                    f"事项为 {listed_zh(asked) or '全部'}；只允许 {listed_zh(sorted(held.matters))}")
    _require_limit(terms, held)
    _require_period(terms, held)


def _require_limit(terms: Terms, held: Terms) -> None:
    most = held.limit_minor
    if most is not None and (terms.limit_minor is None or terms.limit_minor > most):
        raise _wide("limit_minor", f"limit_minor is {terms.limit_minor}; at most {most} is allowed",
                    f"金额上限为 {terms.limit_minor}（分）；最多允许 {most}")


def _require_period(terms: Terms, held: Terms) -> None:
    last = held.valid_until
    if last is not None and (terms.valid_until is None or terms.valid_until > last):
        raise _wide("period", f"valid_until is {terms.valid_until}; at the latest {last} is allowed",
                    f"截止日期为 {terms.valid_until or '长期'}；最晚允许 {last}")


def _wide(part: str, en: str, zh: str) -> MandateTooWide:
    return MandateTooWide(Bilingual(en, zh), details={"part": part})
